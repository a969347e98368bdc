import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./decide";
import type { ApplicationRules, PolicyFacts, RuleFacts, ServerRules } from "./model";

const APPLICATION: ApplicationRules = { id: "app_1", scopes: [], grantTypes: ["client_credentials"] };
const rule = (values: Partial<RuleFacts> = {}): RuleFacts => ({
  id: "rule_1",
  name: "Rule",
  enabled: true,
  grantTypes: [],
  scopes: [],
  lifetimeMinutes: 60,
  ...values,
});
const policy = (values: Partial<PolicyFacts> = {}): PolicyFacts => ({
  id: "policy_1",
  name: "Policy",
  enabled: true,
  applications: [],
  rules: [rule()],
  ...values,
});
const server = (policies: PolicyFacts[], defaults: string[] = []): ServerRules => ({
  enabled: true,
  scopes: ["a", "b", "c"].map((name) => ({ name, isDefault: defaults.includes(name), published: false })),
  policies,
});
const ask = (from: ServerRules, scopes: string[], application = APPLICATION) =>
  decide(from, application, { scopes, grantType: "client_credentials" });

describe("a decision", () => {
  test("is the first matching rule's, and lists what was evaluated before", () => {
    const decision = ask(
      server([
        policy({ id: "p1", name: "Off", enabled: false }),
        policy({ id: "p2", name: "Others", applications: ["app_2"] }),
        policy({ id: "p3", name: "Empty", rules: [] }),
        policy({
          id: "p4",
          name: "Ours",
          applications: ["app_1"],
          rules: [
            rule({ id: "r1", enabled: false }),
            rule({ id: "r2", grantTypes: ["password"] }),
            rule({ id: "r3", scopes: ["b"] }),
            rule({ id: "r4", name: "A", scopes: ["a", "c"], lifetimeMinutes: 5 }),
            rule({ id: "r5" }),
          ],
        }),
        policy({ id: "p5" }),
      ]),
      ["a"],
    );
    expect(decision).toMatchObject({
      granted: true,
      scopes: ["a"],
      lifetimeSeconds: 300,
      policy: { id: "p4", name: "Ours" },
      rule: { id: "r4", name: "A" },
    });
    expect(decision.considered.map(({ policy: { id }, rule: looked, matched, reason }) => [id, looked?.id, matched, reason])).toEqual([
      ["p1", undefined, false, "The policy is inactive."],
      ["p2", undefined, false, "The policy doesn't include this application."],
      ["p3", undefined, false, "The policy has no rules."],
      ["p4", "r1", false, "The rule is inactive."],
      ["p4", "r2", false, "The rule doesn't include this grant type."],
      ["p4", "r3", false, "The rule includes none of the requested scopes."],
      ["p4", "r4", true, "First matching rule."],
    ]);
  });

  test("denies with every scope outside the rule, never a narrower token", () => {
    expect(ask(server([policy({ rules: [rule({ scopes: ["a"] })] })]), ["a", "b", "nope"])).toMatchObject({
      granted: false,
      error: "invalid_scope",
      description: "These scopes aren't allowed: b, nope.",
      deniedScopes: ["b", "nope"],
      rule: { id: "rule_1" },
    });
  });

  test("tries the next policy when no rule of one matches", () => {
    const policies = [policy({ id: "p1", rules: [rule({ scopes: ["a"] })] }), policy({ id: "p2", rules: [rule({ scopes: ["b"] })] })];
    expect(ask(server(policies), ["b"])).toMatchObject({ granted: true, policy: { id: "p2" } });
    expect(ask(server(policies), ["c"])).toMatchObject({ granted: false, error: "access_denied", policy: null, rule: null });
  });

  test("without policies is a denial", () => {
    expect(ask(server([]), [])).toMatchObject({ granted: false, error: "access_denied" });
  });

  test("without requested scopes grants the defaults that rule and application allow, possibly none", () => {
    const policies = [policy({ rules: [rule({ scopes: ["a", "b"] })] })];
    expect(ask(server(policies, ["a", "b", "c"]), [])).toMatchObject({ scopes: ["a", "b"] });
    expect(ask(server(policies, ["a", "b", "c"]), [], { ...APPLICATION, scopes: ["b", "c"] })).toMatchObject({ scopes: ["b"] });
    expect(ask(server(policies), [])).toMatchObject({ granted: true, scopes: [] });
  });

  test("is a denial for an inactive server, a disallowed grant type, and too many scopes", () => {
    expect(ask({ ...server([policy()]), enabled: false }, [])).toMatchObject({ error: "unauthorized_client" });
    expect(ask(server([policy()]), [], { ...APPLICATION, grantTypes: [] })).toMatchObject({ error: "unauthorized_client" });
    const many = Array.from({ length: 101 }, (_, index) => `s${index}`);
    expect(ask(server([policy()]), many)).toMatchObject({ error: "invalid_scope", considered: [] });
    const long = Array.from({ length: 11 }, (_, index) => `${"x".repeat(100)}${index}`);
    const defaults = { ...server([policy()]), scopes: long.map((name) => ({ name, isDefault: true, published: false })) };
    expect(ask(defaults, [])).toMatchObject({ error: "invalid_scope" });
  });
});

/** A second, simple implementation of the rules. */
function reference(from: ServerRules, application: ApplicationRules, scopes: readonly string[]) {
  const isFor = (list: readonly string[], name: string) => list.length === 0 || list.includes(name);
  const candidates = from.policies
    .filter((candidate) => candidate.enabled && isFor(candidate.applications, application.id))
    .flatMap((candidate) => candidate.rules.map((each) => ({ policy: candidate, rule: each })))
    .filter(({ rule: each }) => each.enabled && isFor(each.grantTypes, "client_credentials"))
    .filter(({ rule: each }) => scopes.length === 0 || scopes.some((scope) => isFor(each.scopes, scope)));
  const first = candidates[0];
  const isOpen = (name: string) => from.scopes.some((scope) => scope.name === name) && isFor(application.scopes, name);
  const isInRule = (name: string) => first === undefined || isFor(first.rule.scopes, name);
  const deniedScopes = scopes.filter((scope) => !isOpen(scope) || !isInRule(scope));
  if (deniedScopes.length > 0) return { granted: false, error: "invalid_scope", deniedScopes };
  if (!first) return { granted: false, error: "access_denied", deniedScopes };
  const defaults = from.scopes.filter((scope) => scope.isDefault && isOpen(scope.name) && isInRule(scope.name)).map((scope) => scope.name);
  return {
    granted: true,
    scopes: scopes.length > 0 ? scopes : defaults,
    lifetimeSeconds: first.rule.lifetimeMinutes * 60,
    policy: { id: first.policy.id },
    rule: { id: first.rule.id },
  };
}

const scope = fc.constantFrom<string[]>("a", "b", "c", "d");
const scopes = (max: number) => fc.uniqueArray(scope, { maxLength: max });
const anyRule = fc.record({
  id: fc.uuid(),
  name: fc.constant("Rule"),
  enabled: fc.boolean(),
  grantTypes: fc.constantFrom([], ["client_credentials"], ["password"]),
  scopes: scopes(3),
  lifetimeMinutes: fc.integer({ min: 5, max: 1440 }),
});
const anyPolicy = fc.record({
  id: fc.uuid(),
  name: fc.constant("Policy"),
  enabled: fc.boolean(),
  applications: fc.constantFrom<string[]>([], ["app_1"], ["app_2"], ["app_2", "app_1"]),
  rules: fc.array(anyRule, { maxLength: 4 }),
});
const anyServer = fc.record({
  enabled: fc.constant(true),
  scopes: fc.uniqueArray(fc.record({ name: scope, isDefault: fc.boolean(), published: fc.boolean() }), { selector: ({ name }) => name }),
  policies: fc.array(anyPolicy, { maxLength: 4 }),
});

describe("every decision", () => {
  test("equals that of the simple implementation", () => {
    fc.assert(
      fc.property(anyServer, scopes(3), scopes(3), (from, allowed, requested) => {
        const application = { ...APPLICATION, scopes: allowed };
        expect(ask(from, requested, application)).toMatchObject(reference(from, application, requested));
      }),
      { numRuns: 3000 },
    );
  });

  test("grants all requested scopes or none, and only those of server, application and rule", () => {
    fc.assert(
      fc.property(anyServer, scopes(3), scopes(3), (from, allowed, requested) => {
        const decision = ask(from, requested, { ...APPLICATION, scopes: allowed });
        if (!decision.granted) return;
        if (requested.length > 0) expect(decision.scopes).toEqual(requested);
        for (const name of decision.scopes) {
          expect(from.scopes.map((each) => each.name)).toContain(name);
          expect(allowed.length === 0 || allowed.includes(name)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
