import { calculateJwkThumbprint } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { PROOF_ALGORITHMS } from "./algorithms";
import { createProofCheck } from "./proof";
import { type DifferentProof, type ProofKey, proofKey } from "./testing";

const call = { method: "POST", url: "https://api.example/gateway/orders/1", token: "eyJ.a.b" };
const nowSeconds = () => Math.floor(Date.now() / 1000);
let key: ProofKey;
let other: ProofKey;
beforeAll(async () => {
  [key, other] = await Promise.all([proofKey(), proofKey()]);
});

const checkOf = (now = Date.now) => {
  const check = createProofCheck(now);
  return (headers: string[], more: Partial<Parameters<typeof check>[0]> = {}) =>
    check({ ...call, headers, keyThumbprint: key.thumbprint, ...more });
};
const check = (headers: string[]) => checkOf()(headers);

describe("a DPoP proof (RFC 9449, section 4.3)", () => {
  it.each(PROOF_ALGORITHMS)("is good when it is signed by %s for this call, this token and this key", async (alg) => {
    const signer = await proofKey(alg);
    const proof = await signer.prove(call);
    expect(await checkOf()(["DPoP", proof], { keyThumbprint: signer.thumbprint })).toBeNull();
  });

  it("is good with the URL in another spelling, with query and fragment, and a little off in time", async () => {
    const isGood = checkOf();
    for (const payload of [
      { htu: "HTTPS://API.example:443/gateway/%6frders/1?x=1#y" },
      { iat: nowSeconds() - 290 },
      { iat: nowSeconds() + 50 },
      { nonce: "of somebody else" },
    ]) {
      expect(await isGood(["dpop", await key.prove(call, { payload })])).toBeNull();
    }
  });

  it("check 1: stands in one header", async () => {
    const [one, two] = await Promise.all([key.prove(call), key.prove(call)]);
    expect(await check([])).toBe("The request has no DPoP header.");
    expect(await check(["dpop", one, "DPoP", two])).toBe("The request has several DPoP headers.");
    expect(await check(["dpop", `${one}, ${two}`])).toMatch(/^The DPoP header is not a proof/);
  });

  it.each([
    ["2: is a well-formed JWT", "not.a.jwt"],
    ["2: is one JWT", "only-one-part"],
    ["2: is not empty", ""],
    ["2: is not of any length", "e".repeat(9000)],
  ])("check %s", async (_, proof) => {
    expect(await check(["dpop", proof])).toEqual(expect.any(String));
  });

  it("check 7: costs no signature where the numbers of its RSA key are larger than any in use", async () => {
    const rsa = await proofKey("PS256");
    const large = Buffer.alloc(600, 255).toString("base64url");
    const huge = Buffer.alloc(1025, 255).toString("base64url");
    for (const jwk of [
      { ...rsa.jwk, e: large },
      { ...rsa.jwk, n: `_${huge}AA` },
    ]) {
      const proof = await rsa.prove(call, { header: { jwk } });
      const keyThumbprint = await calculateJwkThumbprint(jwk);
      expect(await checkOf()(["dpop", proof], { keyThumbprint })).toMatch(/numbers of its RSA key are too large/);
    }
  });

  it("check 12: is read no further where its key is another one", async () => {
    const proof = await other.prove(call, { signer: new Uint8Array(32), header: { alg: "HS256" } });
    expect(await check(["dpop", proof])).toBe("The proof's key doesn't match cnf.jkt.");
  });

  const broken: [string, DifferentProof | (() => DifferentProof)][] = [
    ["3: has a jti", { payload: { jti: undefined } }],
    ["3: has a jti that is not blank", { payload: { jti: "" } }],
    ["3: has a jti that is text", { payload: { jti: 7 } }],
    ["3: has a jti of bounded length", { payload: { jti: "j".repeat(1001) } }],
    ["3: has an htm", { payload: { htm: undefined } }],
    ["3: has an htu", { payload: { htu: undefined } }],
    ["3: has an iat", { payload: { iat: undefined } }],
    ["3: has an iat that is a number", { payload: { iat: String(nowSeconds()) } }],
    ["3: has an ath", { payload: { ath: undefined } }],
    ["4: is of the type dpop+jwt", { header: { typ: "JWT" } }],
    ["4: has a type", { header: { typ: undefined } }],
    [
      "5: is signed by an asymmetric algorithm",
      () => ({ header: { alg: "HS256", jwk: { kty: "oct", k: "c2VjcmV0" } }, signer: Buffer.alloc(32) }),
    ],
    ["6: is signed by the key that it names", () => ({ header: { jwk: other.jwk } })],
    ["6: names a key", { header: { jwk: undefined } }],
    ["7: names no private key", () => ({ header: { jwk: key.privateJwk } })],
    ["8: is for this method", { payload: { htm: "GET" } }],
    ["8: is for this method in its spelling", { payload: { htm: "post" } }],
    ["9: is for this path", { payload: { htu: "https://api.example/gateway/orders/2" } }],
    ["9: is for this host", { payload: { htu: "https://evil.example/gateway/orders/1" } }],
    ["9: is for this port", { payload: { htu: "https://api.example:8443/gateway/orders/1" } }],
    ["9: is for this scheme", { payload: { htu: "http://api.example/gateway/orders/1" } }],
    ["9: is for the whole path", { payload: { htu: "https://api.example/orders/1" } }],
    ["9: is for a URL", { payload: { htu: "orders" } }],
    ["11: is not old", { payload: { iat: nowSeconds() - 310 } }],
    ["11: has no iat in the future", { payload: { iat: nowSeconds() + 90 } }],
    ["12: is for this token", { payload: { ath: "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg" } }],
    ["12: is not past a time that it names itself", { payload: { exp: nowSeconds() - 100 } }],
  ];
  it.each(broken)("check %s", async (_, different) => {
    const proof = await key.prove(call, typeof different === "function" ? different() : different);
    expect(await check(["dpop", proof])).toEqual(expect.any(String));
  });

  it("check 5: is signed at all", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [, payload] = (await key.prove(call)).split(".");
    expect(await check(["dpop", `${part({ alg: "none", typ: "dpop+jwt", jwk: key.jwk })}.${payload}.`])).toEqual(expect.any(String));
  });

  it("check 6: is not changed after it was signed", async () => {
    const [header, , signature] = (await key.prove(call)).split(".");
    const [, payload] = (await key.prove(call, { payload: { jti: "other" } })).split(".");
    expect(await check(["dpop", `${header}.${payload}.${signature}`])).toEqual(expect.any(String));
  });

  it("check 12: is of the key that the token is bound to", async () => {
    expect(await check(["dpop", await other.prove(call)])).toBe("The proof's key doesn't match cnf.jkt.");
  });

  it("is good once, and its jti may come again only with another key", async () => {
    const again = checkOf();
    const payload = { jti: "same" };
    const proof = await key.prove(call, { payload });
    expect(await again(["dpop", proof])).toBeNull();
    expect(await again(["dpop", proof])).toBe("The proof was used before.");
    expect(await again(["dpop", await key.prove(call, { payload })])).toBe("The proof was used before.");
    expect(await again(["dpop", await other.prove(call, { payload })], { keyThumbprint: other.thumbprint })).toBeNull();
  });

  it("that is refused uses nothing up", async () => {
    const later = checkOf();
    const proof = await key.prove(call);
    expect(await later(["dpop", proof], { method: "GET" })).toEqual(expect.any(String));
    expect(await later(["dpop", proof])).toBeNull();
  });

  it("says nothing of the token or itself in the reason", async () => {
    const proof = await key.prove(call, { payload: { ath: "x" } });
    const reason = (await check(["dpop", proof])) ?? "";
    expect(reason).not.toContain(proof);
    expect(reason).not.toContain(call.token);
  });
});
