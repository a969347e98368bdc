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
  test("are static values or expressions, each with the id of the claim that it comes from", () => {
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

  test("of some scopes are added when the token has one of them", () => {
    const limited = [claim({ scopes: ["a", "b"] })];
    expect(make(limited)).toEqual([]);
    expect(make(limited, ["c"])).toEqual([]);
    expect(make(limited, ["c", "b"])).toHaveLength(1);
  });

  test.each([
    ["cannot be evaluated", claim({ kind: "expression", value: "scopes[0]" }), /The claim tenant: .*index 0/],
    [
      "was stored by a version that could read it",
      claim({ kind: "expression", value: "((" }),
      /The claim tenant: The expression cannot be read/,
    ],
    ["has a text that no database keeps", claim({ kind: "expression", value: "'a\\u0000'" }), /cannot be stored/],
    ["is too large", claim({ value: "x".repeat(4095) }), /more than 4096 bytes/],
    ["nests too deeply", claim({ value: nested(8000) }), /nests deeper than 50 levels/],
    ["comes out too deeply nested", claim({ kind: "expression", value: "[".repeat(60) + "]".repeat(60) }), /nests deeper than 50 levels/],
  ])("that %s fail by name", (_what, broken, message) => {
    expect(() => make([broken])).toThrow(ClaimFailed);
    expect(() => make([broken])).toThrow(message);
  });

  test("that are not wanted for the scopes of a token cannot fail", () => {
    expect(make([claim({ kind: "expression", value: "1 / 0", scopes: ["a"] })])).toEqual([]);
  });

  test("are limited together", () => {
    const large = ["one", "two", "three"].map((name) => claim({ name, value: "x".repeat(4000) }));
    expect(() => make(large.slice(0, 2))).not.toThrow();
    expect(() => make(large)).toThrow("The claim three: the claims together have more than 8192 bytes.");
  });
});

describe("a claim that somebody writes", () => {
  test.each(["constructor", "toString", "valueOf", "hasOwnProperty"])("is refused as %s, which every object of JavaScript has", (name) => {
    expect(claimProblem({ name, kind: "static", value: 1 })?.path).toBe("name");
  });

  test.each(
    "iss aud exp iat nbf jti sub client_id cid scope scp cnf environment ver uid auth_time acr azp act active __proto__".split(" "),
  )("is refused as %s, which is reserved", (name) => {
    expect(claimProblem({ name, kind: "static", value: 1 })).toEqual({
      path: "name",
      message: `${name} is reserved: the authorization server sets it itself.`,
    });
  });

  test.each([
    [{ kind: "expression" as const, value: "client.name +" }, "The expression cannot be read at line 1, column 13."],
    [{ kind: "expression" as const, value: " " }, "Give a CEL expression, for example client.environment."],
    [{ kind: "expression" as const, value: 7 }, "Give a CEL expression, for example client.environment."],
    [{ kind: "expression" as const, value: "upper(client.name)" }, "There is no function upper."],
    [{ kind: "static" as const, value: "x".repeat(4096) }, "A claim has at most 4096 bytes."],
    [{ kind: "static" as const, value: { deep: ["a\u0000b"] } }, "A claim has no NUL and no half of a surrogate pair in its texts."],
    [{ kind: "static" as const, value: { "\ud800": 1 } }, "A claim has no NUL and no half of a surrogate pair in its texts."],
    [{ kind: "expression" as const, value: "'\u0000'" }, "A claim has no NUL and no half of a surrogate pair in its texts."],
    [{ kind: "static" as const, value: undefined }, "Give a value."],
    [{ kind: "static" as const, value: nested(51) }, "A claim nests at most 50 levels."],
  ])("is refused with %j", (written, message) => {
    expect(claimProblem({ name: "tenant", ...written })).toEqual({ path: "value", message });
  });

  test.each(["scopes[0]", "client.name", "scopes.exists(s, s == 'a') ? 1 : 2"])(
    "may be %s, which some tokens have a value for",
    (value) => {
      expect(claimProblem({ name: "tenant", kind: "expression", value })).toBeNull();
    },
  );

  test("is checked without an error, whatever it is, and is usable when it passes", () => {
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
