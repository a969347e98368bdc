import { generateKeyPairSync } from "node:crypto";
import { exportJWK, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { usableKeys } from "./usable-keys";

const rsa = (modulusLength: number) => exportJWK(generateKeyPairSync("rsa", { modulusLength }).publicKey);
const ec = () => exportJWK(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey);

describe("a key set", () => {
  test("is reduced to the public members of keys that verify signatures", async () => {
    const { kty, crv, x, y } = await ec();
    const key: JWK = { kty, crv, x, y, kid: "one", use: "sig", x5c: ["certificate"], key_ops: ["verify"] };
    expect(usableKeys([key])).toEqual([{ kty, crv, x, y, kid: "one", use: "sig" }]);
  });

  test("may have RSA keys of every accepted size, with a leading zero byte too", async () => {
    for (const key of [await rsa(2048), await rsa(4096), { ...(await rsa(2048)), e: "AAEAAQ" }]) expect(usableKeys([key])).toHaveLength(1);
    const n = Buffer.from([0, ...Buffer.alloc(1024, 255)]).toString("base64url");
    expect(usableKeys([{ kty: "RSA", n, e: "AQAB" }])).toHaveLength(1);
  });

  test("may have keys with null or empty members", async () => {
    const key = await ec();
    const silent = { ...key, kid: "", alg: null, use: null, key_ops: [] };
    expect(usableKeys([silent])).toEqual([{ ...key, use: "sig" }]);
  });

  test.each([[null], ["text"], [5], [[]], [{}]])("may contain %s, which is ignored", async (odd) => {
    const key = { ...(await ec()), kid: "good" };
    expect(usableKeys([odd, key, odd])).toEqual([{ ...key, use: "sig" }]);
  });

  test.each<[string, () => Promise<JWK>]>([
    ["a key for encryption", async () => ({ ...(await ec()), use: "enc" })],
    ["a shared secret", async () => ({ kty: "oct", k: "secret" })],
    ["a key on an unsupported curve", async () => ({ ...(await ec()), crv: "secp256k1" })],
    ["a weak RSA key", () => rsa(1024)],
    ["an overlong RSA key", async () => ({ kty: "RSA", e: "AQAB", n: Buffer.alloc(2048, 255).toString("base64url") })],
    ["an overlong exponent", async () => ({ ...(await rsa(2048)), e: Buffer.alloc(256, 255).toString("base64url") })],
    ["an exponent that takes a minute to read", async () => ({ ...(await rsa(2048)), e: "f".repeat(400_000) })],
    ["a modulus of a megabyte", async () => ({ kty: "RSA", e: "AQAB", n: "f".repeat(1_000_000) })],
    ["a private key", async () => ({ ...(await ec()), d: "private" })],
    ["a key with a non-string ID", async () => JSON.parse(JSON.stringify({ ...(await ec()), kid: 5 }))],
    ["an exponent with which anyone could sign", async () => ({ ...(await rsa(2048)), e: "AQ" })],
    ["a key with a non-string algorithm", async () => JSON.parse(JSON.stringify({ ...(await ec()), alg: {} }))],
    ["a key with an empty part", async () => ({ ...(await ec()), y: "" })],
    ["a key without a part", async () => ({ kty: "EC", crv: "P-256", x: "x" })],
  ])("excludes %s", async (_what, key) => {
    expect(usableKeys([await key()])).toEqual([]);
  });
});
