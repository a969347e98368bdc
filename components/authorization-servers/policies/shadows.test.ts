import { describe, expect, it } from "vitest";
import { type ReachablePolicy, shadowsOf } from "./shadows";

const rule = (id: string, scopes: string[] = [], more: Partial<ReachablePolicy["rules"][number]> = {}) => ({
  id,
  name: `rule ${id}`,
  enabled: true,
  grantTypes: [] as string[],
  scopes,
  ...more,
});
const policy = (id: string, applications: string[], rules: ReachablePolicy["rules"], enabled = true): ReachablePolicy => ({
  id,
  name: `policy ${id}`,
  enabled,
  applications,
  rules,
});
const shadows = (...policies: ReachablePolicy[]) => Object.fromEntries(shadowsOf(policies));

describe("what is never reached", () => {
  it("is a policy behind one that is for all of its applications and takes every request", () => {
    const all = policy("all", [], [rule("any")]);
    expect(shadows(all, policy("shop", ["app_1"], [rule("r")]))).toEqual({ shop: "policy all" });
    expect(shadows(all, policy("other", [], [rule("r")]))).toEqual({ other: "policy all" });
    expect(shadows(policy("both", ["app_1", "app_2"], [rule("any")]), policy("one", ["app_2"], [rule("r")]))).toEqual({
      one: "policy both",
    });
  });

  it("is no policy that some request comes to", () => {
    const some = policy("some", ["app_1"], [rule("any")]);
    expect(shadows(some, policy("all", [], [rule("r")]))).toEqual({});
    expect(shadows(policy("narrow", [], [rule("read", ["read"])]), policy("all", [], [rule("r")]))).toEqual({});
    expect(shadows(policy("off", [], [rule("any")], false), policy("all", [], [rule("r")]))).toEqual({});
    expect(shadows(policy("idle", [], [rule("any", [], { enabled: false })]), policy("all", [], [rule("r")]))).toEqual({});
  });

  it("is a rule behind one that takes all of its grants and scopes", () => {
    expect(shadows(policy("p", [], [rule("any"), rule("read", ["read"])]))).toEqual({ read: "rule any" });
    expect(shadows(policy("p", [], [rule("both", ["read", "write"]), rule("read", ["read"])]))).toEqual({ read: "rule both" });
    expect(shadows(policy("p", [], [rule("read", ["read"]), rule("both", ["read", "write"])]))).toEqual({});
    expect(shadows(policy("p", [], [rule("cc", [], { grantTypes: ["client_credentials"] }), rule("any")]))).toEqual({});
    expect(shadows(policy("p", [], [rule("any", [], { enabled: false }), rule("read", ["read"])]))).toEqual({});
  });
});
