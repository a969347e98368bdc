import { describe, expect, it } from "vitest";
import { scopeUses } from "./scope-uses";

const rule = (...scopes: string[]) => ({
  id: "r",
  name: "r",
  priority: 1,
  enabled: true,
  grantTypes: [],
  scopes,
  lifetimeMinutes: 60,
  etag: '"1"',
});

describe("who names a scope", () => {
  it("is counted over applications, rules and claims", () => {
    const uses = scopeUses({
      applications: [{ scopes: ["a", "b"] }, { scopes: ["a"] }],
      policies: [{ rules: [rule("a"), rule()] }],
      claims: [{ scopes: ["b"] }],
    });
    expect(uses.get("a")).toBe("2 applications, 1 rule");
    expect(uses.get("b")).toBe("1 application, 1 claim");
    expect(uses.has("c")).toBe(false);
  });
});
