import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimProblem } from "./check";
import { ClaimFailed, compileClaims } from "./claims";
import type { ClaimFacts, Json } from "./model";

const input = (scopes: string[] = []) => ({
  client: { id: "client_1", name: "Shop", environment: "production" },
  scopes,
  server: { id: "default", name: "Default", audience: "api://default", issuer: "https://idp.example/oauth2/default" },
});
const claim = (values: Partial<ClaimFacts>): ClaimFacts => ({
  id: "claim_1",
  name: "tenant",
  kind: "static",
  value: "acme",
  scopes: [],
  ...values,
});
const nested = (levels: number): Json => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const make = (claims: ClaimFacts[], scopes: string[] = []) => compileClaims(claims)(input(scopes));

describe("a server's claims", () => {
  test("are static values or expressions, each with the ID of its claim", () => {
    expect(
      make([
        claim({ value: { plan: ["gold", 1, null] } }),
        claim({ id: "claim_2", name: "who", kind: "expression", value: "client.name" }),
      ]),
    ).toEqual([
      { id: "claim_1", name: "tenant", value: { plan: ["gold", 1, null] } },
      { id: "claim_2", name: "who", value: "Shop" },
    ]);
  });

  test("with scopes are added when the token has one of them", () => {
    const limited = [claim({ scopes: ["a", "b"] })];
    expect(make(limited)).toEqual([]);
    expect(make(limited, ["c"])).toEqual([]);
    expect(make(limited, ["c", "b"])).toHaveLength(1);
  });

  test.each([
    ["can't be evaluated", claim({ kind: "expression", value: "scopes[0]" }), /The claim tenant: .*index 0/],
    ["has a syntax error (stored by another version)", claim({ kind: "expression", value: "((" }), /The claim tenant: Syntax error/],
    ["has a NUL", claim({ kind: "expression", value: "'a\\u0000'" }), /NUL character/],
    ["is too large", claim({ value: "x".repeat(4095) }), /larger than 4096 bytes/],
    ["nests too deeply", claim({ value: nested(8000) }), /nests deeper than 50 levels/],
    [
      "has a result that nests too deeply",
      claim({ kind: "expression", value: "[".repeat(60) + "]".repeat(60) }),
      /nests deeper than 50 levels/,
    ],
  ])("fail with the name of the one that %s", (_what, broken, message) => {
    expect(() => make([broken])).toThrow(ClaimFailed);
    expect(() => make([broken])).toThrow(message);
  });

  test("for other scopes can't fail", () => {
    expect(make([claim({ kind: "expression", value: "1 / 0", scopes: ["a"] })])).toEqual([]);
  });

  test("are limited together", () => {
    const large = ["one", "two", "three"].map((name) => claim({ name, value: "x".repeat(4000) }));
    expect(() => make(large.slice(0, 2))).not.toThrow();
    expect(() => make(large)).toThrow("The claim three: all claims together are larger than 8192 bytes.");
  });
});

describe("a new claim", () => {
  test.each(["constructor", "toString", "valueOf", "hasOwnProperty"])(
    "can't have the name %s, a member of every JavaScript object",
    (name) => {
      expect(claimProblem({ name, kind: "static", value: 1 })?.path).toBe("name");
    },
  );

  test.each(
    "iss aud exp iat nbf jti sub client_id cid scope scp cnf environment ver uid auth_time acr azp act active __proto__".split(" "),
  )("can't have the reserved name %s", (name) => {
    expect(claimProblem({ name, kind: "static", value: 1 })).toEqual({
      path: "name",
      message: `${name} is reserved: the authorization server sets it.`,
    });
  });

  test.each([
    [{ kind: "expression" as const, value: "client.name +" }, "Syntax error at line 1, column 13."],
    [{ kind: "expression" as const, value: " " }, "Enter a CEL expression, for example client.environment."],
    [{ kind: "expression" as const, value: 7 }, "Enter a CEL expression, for example client.environment."],
    [{ kind: "expression" as const, value: "upper(client.name)" }, "Unknown function upper."],
    [{ kind: "static" as const, value: "x".repeat(4096) }, "The value is larger than 4096 bytes."],
    [{ kind: "static" as const, value: { deep: ["a\u0000b"] } }, "The value has a NUL character or half of a surrogate pair."],
    [{ kind: "static" as const, value: { "\ud800": 1 } }, "The value has a NUL character or half of a surrogate pair."],
    [{ kind: "expression" as const, value: "'\u0000'" }, "The value has a NUL character or half of a surrogate pair."],
    [{ kind: "static" as const, value: undefined }, "Enter a value."],
    [{ kind: "static" as const, value: nested(51) }, "The value nests deeper than 50 levels."],
  ])("can't be %j", (written, message) => {
    expect(claimProblem({ name: "tenant", ...written })).toEqual({ path: "value", message });
  });

  test.each(["scopes[0]", "client.name", "scopes.exists(s, s == 'a') ? 1 : 2"])("may be %s, which has a value for some tokens", (value) => {
    expect(claimProblem({ name: "tenant", kind: "expression", value })).toBeNull();
  });

  test("is validated without a crash, and is usable when valid", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.constantFrom("static", "expression"), fc.json(), (name, kind, text) => {
        const value: unknown = kind === "static" ? JSON.parse(text) : text;
        if (claimProblem({ name, kind, value }) !== null) return;
        const [made] = make([claim({ name, kind: "static", value: JSON.parse(text) })]);
        expect(made?.name).toBe(name);
      }),
    );
  });
});
