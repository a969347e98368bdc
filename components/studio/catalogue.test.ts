import { describe, expect, it } from "vitest";
import { registry } from "@/lib/gateway/schemas";
import { shelvesFor } from "./catalogue";
import { readJson, writeJson } from "./json-text";

const offersOf = (phase: "request" | "response", search = "") =>
  shelvesFor(registry.policies, phase, search).flatMap(({ offers }) => offers);

describe("the catalogue", () => {
  it("offers every policy and says why one does not fit the phase", () => {
    expect(offersOf("request").every(({ unavailable }) => unavailable === undefined)).toBe(true);
    expect(offersOf("response").find(({ policy }) => policy.id === "oauth2")?.unavailable).toBe(
      "Request phase only: it runs before the backend is called.",
    );
    expect(offersOf("response")).toHaveLength(registry.policies.length);
  });

  it("puts what fits the phase first", () => {
    expect(offersOf("response")[0]?.policy.phases).toContain("response");
  });

  it("finds by every word that is searched, in title, summary and category", () => {
    expect(offersOf("request", "token scope").map(({ policy }) => policy.id)).toEqual(["oauth2"]);
    expect(offersOf("request", "SECURITY").map(({ policy }) => policy.id)).toContain("oauth2");
    expect(offersOf("request", "no such thing")).toEqual([]);
  });
});

describe("a configuration as JSON", () => {
  it("comes back as it was written", () => {
    const value = { a: [1, { b: null }], "": "x" };
    expect(readJson(writeJson(value))).toEqual({ ok: true, value });
  });

  it.each(["", "{", "[]", "null", '"x"'])("says what is wrong with %s", (text) => {
    expect(readJson(text).ok).toBe(false);
  });
});
