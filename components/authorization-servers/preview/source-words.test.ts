import { describe, expect, it } from "vitest";
import { sourceOf } from "./source-words";

const preview = {
  rule: { id: "rule_1", name: "Any scope" },
  sources: [
    { claim: "iss", source: "standard", id: null },
    { claim: "tier", source: "claim", id: "claim_1" },
    { claim: "scope", source: "rule", id: "rule_1" },
    { claim: "cid", source: "okta", id: null },
    { claim: "environment", source: "application", id: null },
  ],
};

describe("where a claim comes from", () => {
  it("is said in words, with the tab that shows it", () => {
    expect(sourceOf(preview, "tier")).toEqual({ words: "claim tier", tab: "claims" });
    expect(sourceOf(preview, "scope")).toEqual({ words: "rule Any scope", tab: "policies" });
    expect(sourceOf(preview, "cid")).toEqual({ words: "Okta claims", tab: "settings" });
    expect(sourceOf(preview, "environment")).toEqual({ words: "application", tab: null });
    expect(sourceOf(preview, "iss")).toEqual({ words: "standard", tab: null });
  });

  it("is standard where the preview names none", () => {
    expect(sourceOf(preview, "jti")).toEqual({ words: "standard", tab: null });
  });
});
