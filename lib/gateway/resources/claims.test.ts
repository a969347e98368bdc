import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClaimRules, scopesOf, verifiedToken } from "./claims";

const rules: ClaimRules = {
  userClaim: "sub",
  environmentClaim: "environment",
  sandboxValue: "sandbox",
  scopeSeparator: " ",
  audiences: [],
};

describe("scopes", () => {
  it("come back as they were joined, whatever the separator, and are never taken for a pattern", () => {
    const scope = fc.stringMatching(/^[a-z:]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(scope), fc.constantFrom(" ", ",", "|", ".", "+", ", ", "||"), (scopes, separator) => {
        expect(scopesOf({ scope: scopes.join(separator) }, separator)).toEqual(scopes);
        expect(scopesOf({ scp: scopes }, separator)).toEqual(scopes);
      }),
    );
  });

  it("are none when the claim is of another kind", () => {
    for (const scope of [7, true, {}, [1, null]]) expect(scopesOf({ scope }, " ")).toEqual([]);
  });
});

describe("a verified token", () => {
  it("writes identity so that two subjects never become one header value, and never more than visible ASCII", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string({ unit: "binary", minLength: 1 }), (a, b) => {
        const header = (sub: string) => {
          const token = verifiedToken({ sub }, rules, 0);
          return typeof token === "string" ? "" : (token.identityHeaders[1] ?? "");
        };
        expect(header(a)).toMatch(/^[\x21-\x7e]+$/);
        if (a !== b) expect(header(a)).not.toBe(header(b));
      }),
    );
  });

  it("is good until the very millisecond of its expiry and not one longer", () => {
    expect(verifiedToken({ exp: 10 }, rules, 9_999)).toMatchObject({ expiresAtMs: 10_000 });
    expect(verifiedToken({ exp: 10 }, rules, 10_000)).toBeTypeOf("string");
  });
});
