import { generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { clientAuthentication, jwksProblems, jwksUriProblem } from "./client-keys";

const pairs = {
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  weak: generateKeyPairSync("rsa", { modulusLength: 1024 }),
  ec: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ed: generateKeyPairSync("ed25519"),
  secp256k1: generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
};
const withType = (jwk: JsonWebKey) => ({ ...jwk, kty: String(jwk.kty) });
const publicJwk = (name: keyof typeof pairs) => withType(pairs[name].publicKey.export({ format: "jwk" }));
const privateJwk = (name: keyof typeof pairs) => withType(pairs[name].privateKey.export({ format: "jwk" }));
const problem = (jwk: { kty: string; [member: string]: unknown }) => jwksProblems({ keys: [jwk] });

describe("a key set", () => {
  test.each(["rsa", "ec", "ed"] as const)("may hold a public %s key", (name) => {
    expect(problem({ ...publicJwk(name), use: "sig", kid: "one", key_ops: ["verify"] })).toEqual([]);
  });

  test.each([
    ["rsa", "d"],
    ["ec", "d"],
    ["ed", "d"],
  ] as const)("holds no private %s key", (name, member) => {
    expect(problem(privateJwk(name))).toEqual([
      { path: `jwks.keys[0].${member}`, message: "This is a private key. Paste only the public key." },
    ]);
  });

  test.each(["p", "q", "dp", "dq", "qi", "oth", "k"])("holds nothing with the private member %s, whatever it is", (member) => {
    expect(problem({ ...publicJwk("rsa"), [member]: "" })).toMatchObject([{ path: `jwks.keys[0].${member}` }]);
  });

  test.each([
    ["a shared secret", { kty: "oct", k: "c2VjcmV0" }, "kty"],
    ["an RSA key that is too short", publicJwk("weak"), "n"],
    ["an RSA key whose exponent is 1", { ...publicJwk("rsa"), e: "AQ" }, "e"],
    ["a curve that no algorithm here uses", publicJwk("secp256k1"), "crv"],
    ["an unknown type", { kty: "XYZ" }, "kty"],
    ["a key for encryption", { ...publicJwk("rsa"), use: "enc" }, "use"],
    ["a key that may only sign", { ...publicJwk("rsa"), key_ops: ["sign"] }, "key_ops"],
    ["a key with more operations than there are", { ...publicJwk("rsa"), key_ops: Array(1000).fill("verify") }, "key_ops"],
    ["an algorithm of another type", { ...publicJwk("ec"), alg: "RS256" }, "alg"],
    ["a symmetric algorithm", { ...publicJwk("rsa"), alg: "HS256" }, "alg"],
    ["a kid that is no text", { ...publicJwk("rsa"), kid: 7 }, "kid"],
  ])("does not hold %s", (_name, jwk, member) => {
    expect(problem(jwk)).toMatchObject([{ path: `jwks.keys[0].${member}` }]);
  });

  test.each([
    ["a point that is not on the curve", { ...publicJwk("ec"), y: publicJwk("ec").x }],
    ["an exponent that takes a minute to read", { ...publicJwk("rsa"), e: "f".repeat(400_000) }],
    ["a modulus of a megabyte", { ...publicJwk("rsa"), n: "f".repeat(1_000_000) }],
    ["a key without its modulus", { kty: "RSA", e: "AQAB" }],
    ["members that are no text", { kty: "EC", crv: "P-256", x: 1, y: {} }],
  ])("does not hold %s", (_name, jwk) => {
    expect(problem(jwk)).toMatchObject([{ path: "jwks.keys[0]" }]);
  });

  test("of several keys has an id of its own for each", () => {
    const keys = [{ ...publicJwk("rsa"), kid: "a" }, { ...publicJwk("ec"), kid: "a" }, publicJwk("ed")];
    expect(jwksProblems({ keys })).toMatchObject([{ path: "jwks.keys[1].kid" }, { path: "jwks.keys[2].kid" }]);
  });
});

test.each(["https://client.example/jwks.json?a=b", "http://localhost:3000/jwks", "http://127.0.0.1/k", "http://[::1]:8080/k"])(
  "a key set may be at %s",
  (uri) => expect(jwksUriProblem(uri)).toBeNull(),
);

test.each([
  "http://client.example/jwks.json",
  "http://localhost.evil.example/",
  "https://user:pass@client.example/",
  "https://client.example/#keys",
  "https://client.example/#",
  "file:///etc/passwd",
  "https://client.example/\\evil",
  "ftp://client.example/",
  "nope",
])("a key set is not at %s", (uri) => expect(jwksUriProblem(uri)).not.toBeNull());

describe("how an application proves who it is", () => {
  const stored = { authentication: "client_secret", jwks: null, jwksUri: null } as const;
  const jwks = { keys: [publicJwk("rsa")] };
  const jwksUri = "https://client.example/jwks.json";
  const pasted = { authentication: "private_key_jwt", jwks, jwksUri: null } as const;

  test("stays when nothing about it is given", () => {
    expect(clientAuthentication(stored, {})).toEqual(stored);
    expect(clientAuthentication(pasted, {})).toEqual(pasted);
  });

  test("by keys has one key source: a new source replaces the previous one", () => {
    expect(clientAuthentication(pasted, { jwksUri })).toEqual({ ...pasted, jwks: null, jwksUri });
    expect(clientAuthentication({ ...pasted, jwks: null, jwksUri }, { jwks })).toEqual(pasted);
  });

  test.each([
    [{ authentication: "private_key_jwt" as const }, "jwks"],
    [{ authentication: "private_key_jwt" as const, jwks, jwksUri }, "jwksUri"],
    [{ authentication: "private_key_jwt" as const, jwksUri: "http://client.example/" }, "jwksUri"],
    [{ jwks }, "jwks"],
    [{ authentication: "client_secret_basic" as const, jwksUri }, "jwksUri"],
  ])("is refused for %j at %s", (given, path) => {
    expect(() => clientAuthentication(stored, given)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ path })] }),
    );
  });

  test("cannot lose its only keys", () => {
    expect(() => clientAuthentication(pasted, { jwks: null })).toThrow(expect.objectContaining({ status: 400 }));
  });

  test("by a secret drops the keys", () => {
    expect(clientAuthentication(pasted, { authentication: "client_secret_post" })).toEqual({
      authentication: "client_secret_post",
      jwks: null,
      jwksUri: null,
    });
  });

  test("stores only the public members of a key", () => {
    const given = { keys: [{ ...publicJwk("rsa"), kid: "one", x5u: "https://evil.example", anything: "else" }] };
    const { jwks: kept } = clientAuthentication(stored, { authentication: "private_key_jwt", jwks: given });
    expect(Object.keys(kept?.keys[0] ?? {}).sort()).toEqual(["e", "kid", "kty", "n"]);
  });
});
