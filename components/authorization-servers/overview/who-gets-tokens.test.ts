import { describe, expect, it } from "vitest";
import { whoGetsTokens } from "./who-gets-tokens";

const rule = { id: "r", name: "Any scope", priority: 1, enabled: true, grantTypes: [], scopes: [], lifetimeMinutes: 60, etag: '"1"' };
const policy = { name: "All applications", enabled: true, applications: [] as string[], rules: [rule] };

describe("who gets tokens of a server", () => {
  it("is everyone while a policy is for all applications", () => {
    expect(whoGetsTokens([{ ...policy, name: "Shop", applications: ["app_1"] }, policy])).toEqual({
      kind: "everyone",
      policy: "All applications",
    });
  });

  it("is some while each policy names its applications", () => {
    expect(whoGetsTokens([{ ...policy, applications: ["app_1"] }])).toEqual({ kind: "some", policies: 1 });
  });

  it("is nobody without a policy that is on and has a rule that is on", () => {
    const off = { ...rule, enabled: false };
    expect(whoGetsTokens([])).toEqual({ kind: "nobody" });
    expect(whoGetsTokens([{ ...policy, enabled: false }])).toEqual({ kind: "nobody" });
    expect(
      whoGetsTokens([
        { ...policy, rules: [] },
        { ...policy, rules: [off] },
      ]),
    ).toEqual({ kind: "nobody" });
  });
});
