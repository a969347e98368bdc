import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ClaimSettings, claimRules, verifiedToken } from "./claims";

const settings: ClaimSettings = {
  userClaim: "sub",
  environmentClaim: "environment",
  sandboxValue: "sandbox",
  scopeSeparator: " ",
  audiences: [],
};
const rules = claimRules(settings);
const scopesOf = (claims: Record<string, unknown>, scopeSeparator: string, scopesClaim?: string) =>
  claimRules({ ...settings, scopeSeparator, scopesClaim }).scopes(claims);
const read = (claims: Record<string, unknown>, more: Partial<ClaimSettings> = {}) => {
  const token = verifiedToken(claims, claimRules({ ...settings, ...more }), 0);
  if (typeof token === "string") throw new Error(token);
  return token;
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

describe("the scopes claim", () => {
  const nested = { realm_access: { roles: ["a", "b"] }, resource_access: { "my.app": { roles: "a b" } } };
  it.each<[string, Record<string, unknown>, string[]]>([
    ["roles", { roles: ["a", "b"], scope: "c" }, ["a", "b"]],
    ["roles", { roles: "a b" }, ["a", "b"]],
    ["roles", { roles: "a,b, a" }, ["a", "b"]],
    ["realm_access.roles", nested, ["a", "b"]],
    ["resource_access.my\\.app.roles", nested, ["a", "b"]],
    ["https://example.com/roles", { "https://example.com/roles": ["a"] }, ["a"]],
    ["https://example\\.com/roles", { "https://example.com/roles": ["a"] }, ["a"]],
    ["https://example\\.com/app.roles", { "https://example.com/app": { roles: ["a"] } }, ["a"]],
    ["a\\\\.b", { "a\\": { b: "a" } }, ["a"]],
    ["a.b", { "a.b": ["whole"], a: { b: ["path"] } }, ["whole"]],
    ["scp roles", { scp: "read", roles: ["Orders.Read.All"] }, ["read", "Orders.Read.All"]],
    ["scp roles", { roles: ["Orders.Read.All"] }, ["Orders.Read.All"]],
    ["permissions", { roles: ["a"], scope: "b" }, []],
    ["constructor.name", {}, []],
    ["__proto__.x", {}, []],
    ["roles.length", { roles: ["a"] }, []],
    ["a.b.c", { a: "b" }, []],
    ["a.b", { a: null }, []],
    ["roles", { roles: { a: true } }, []],
  ])("%s of %j gives %j", (path, claims, scopes) => {
    expect(scopesOf(claims, " ", path)).toEqual(scopes);
  });

  it("takes no name for another because of the space around it", () => {
    for (const name of ["\u00a0admin", "\ufeffadmin", "admin\u2003", "\u2028admin"]) {
      for (const path of [undefined, "scope"]) {
        expect(scopesOf({ scope: name }, " ", path)).toEqual([name]);
        expect(scopesOf({ scope: `read,${name}` }, ",", path)).toEqual(["read", name]);
      }
    }
    expect(scopesOf({ scope: [" admin", "admin\n", " ", ""] }, " ")).toEqual([" admin", "admin\n"]);
    expect(scopesOf({ scope: " read,\twrite \n" }, ",")).toEqual(["read", "write"]);
  });

  it("is scope without one, and scp when scope is empty", () => {
    expect(scopesOf({ scope: "", scp: ["a"] }, " ")).toEqual(["a"]);
    expect(scopesOf({ scope: [], scp: "a b" }, " ")).toEqual(["a", "b"]);
    expect(scopesOf({ scope: "  ", scp: "a" }, " ")).toEqual(["a"]);
    expect(scopesOf({ scope: null, scp: "a" }, " ")).toEqual(["a"]);
    expect(scopesOf({ scope: "a", scp: "b" }, " ")).toEqual(["a"]);
    // A comma can be part of a scope's name (RFC 6749, 3.3).
    expect(scopesOf({ scope: "a,b" }, " ")).toEqual(["a,b"]);
  });
});

describe("the client of a token", () => {
  it.each<[Record<string, unknown>, string | null, string?]>([
    [{ client_id: "a", azp: "b", cid: "c", appid: "d" }, "a"],
    [{ azp: "b", cid: "c", appid: "d" }, "b"],
    [{ client_id: "", cid: "c", appid: "d" }, "c"],
    [{ client_id: null, appid: "d" }, "d"],
    [{ client_id: 7 }, "7"],
    [{ sub: "s" }, null],
    [{ client_id: "a", act: { sub: "b" } }, "b", "act.sub"],
    [{ client_id: "a" }, "a", "act.sub client_id"],
    [{ client_id: "a" }, null, "azp"],
  ])("of %j is %s", (claims, clientId, clientClaim) => {
    expect(read(claims, { clientClaim }).clientId).toBe(clientId);
  });

  it("is nobody when its number cannot be read exactly, and so is its user", () => {
    const claimsOf = (id: string) => JSON.parse(`{"client_id": ${id}, "sub": ${id}}`) as Record<string, unknown>;
    expect(read(claimsOf("9007199254740991"))).toMatchObject({ clientId: "9007199254740991", subject: "9007199254740991" });
    for (const id of ["9007199254740993", "1234567890123456789", "-9007199254740993", "1e400"])
      expect(read(claimsOf(id))).toMatchObject({ clientId: null, subject: null, identityHeaders: ["x-gatewright-scopes", ""] });
  });

  it("has its user and environment at paths, too", () => {
    const claims = { user: { id: "alice" }, ctx: { env: "sandbox" } };
    expect(read(claims, { userClaim: "user.id", environmentClaim: "ctx.env" })).toMatchObject({ subject: "alice", environment: "sandbox" });
  });
});

describe("a verified token", () => {
  it.each([["10"], ["10.0"], ["1970-01-01T00:00:10Z"], ["1970-01-01T01:00:10.000+01:00"]])("may have its expiry as the text %s", (exp) => {
    expect(verifiedToken({ exp }, rules, 9_999)).toMatchObject({ expiresAtMs: 10_000 });
    expect(verifiedToken({ exp }, rules, 10_000)).toBeTypeOf("string");
  });

  it.each([["soon"], ["1e9"], ["0x10"], [" 10"], ["2026-11-30"], [""], [true], [[10]], [Number.NaN]])(
    "is refused when its expiry is %j",
    (exp) => {
      expect(verifiedToken({ exp }, rules, 0)).toBeTypeOf("string");
    },
  );

  it("writes identity so that two subjects never become one header value, and never more than visible ASCII", () => {
    // Escapes of JSON can make half a surrogate pair, too.
    const half = fc.constantFrom("\ud800", "\ud801", "\udc00", "\ufffd");
    const subject = fc.oneof(fc.string({ unit: "binary", minLength: 1 }), half);
    fc.assert(
      fc.property(subject, subject, (a, b) => {
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
    const skewed = claimRules({ ...settings, clockSkewSeconds: 60 });
    // Whatever lasts, or keeps the answer, ends when a new request would be rejected.
    expect(verifiedToken({ exp: 10 }, skewed, 69_999)).toMatchObject({ expiresAtMs: 70_000 });
    expect(verifiedToken({ exp: 10 }, skewed, 70_000)).toBe("The token has expired.");
    expect(verifiedToken({ exp: 10 }, rules, 10_000)).toBeTypeOf("string");
  });
});
