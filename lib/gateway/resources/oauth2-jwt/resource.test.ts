import fc from "fast-check";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { createConnections } from "../../upstream/connections";
import type { TokenChecker } from "../contract";
import { jwtResource } from "./resource";
import { jwtConfigSchema } from "./schema";
import { type KeyServer, type SigningKey, signingKey, startKeyServer } from "./testing";

const ISSUER = "https://idp.test/oauth2/default";
const AUDIENCE = "api://orders";

describe("a token of a JWT authorization server", () => {
  let server: KeyServer;
  let key: SigningKey;
  let stranger: SigningKey;
  let ports: ReturnType<typeof testPorts>;
  let checker: TokenChecker;

  const checkerFor = (config: Record<string, unknown> = {}) =>
    jwtResource.compile(
      { issuer: ISSUER, jwksUrl: `${server.origin}/keys`, audiences: [AUDIENCE], ...config },
      { ports, connections: createConnections(testOutbound), resourceUri: "http://gateway.test/gateway/orders", secret: () => undefined },
    );
  const seconds = () => Math.floor(ports.now() / 1000);
  const claims = (more: Record<string, unknown> = {}) => ({
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "user",
    client_id: "app",
    scope: "orders:read orders:write",
    exp: seconds() + 300,
    ...more,
  });
  const outcome = async (token: string) => (await checker.check(token)).outcome;

  beforeAll(async () => {
    server = await startKeyServer();
    [key, stranger] = await Promise.all([signingKey("k1"), signingKey("k1")]);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.answers.clear();
    server.answers.set("/keys", { json: { keys: [key.jwk] } });
    server.asked.length = 0;
    ports = testPorts();
    checker = checkerFor();
  });

  it("is good when it is signed by the issuer's key for one of the audiences, and is read once", async () => {
    const token = await key.sign(claims({ aud: ["x", AUDIENCE], environment: "sandbox" }));
    expect(await checker.check(token)).toMatchObject({
      outcome: "active",
      token: { clientId: "app", subject: "user", scopes: ["orders:read", "orders:write"], environment: "sandbox" },
    });
    expect(await outcome(token)).toBe("active");
    expect(server.asked).toEqual(["/keys"]);
    expect(await checker.issuers()).toEqual([ISSUER]);
  });

  it("is read by the claims that the resource names, and its scopes from scp where there is no scope", async () => {
    checker = checkerFor({ userClaim: "email", environmentClaim: "tier", sandboxValue: "test" });
    expect(
      await checker.check(await key.sign(claims({ email: "a@b.test", tier: "test", scope: undefined, scp: ["a", "b"] }))),
    ).toMatchObject({
      token: { subject: "a@b.test", scopes: ["a", "b"], environment: "sandbox" },
    });
  });

  it.each([
    ["for another audience", { aud: "api://other" }, {}],
    ["for no audience", { aud: undefined }, {}],
    ["of another issuer", { iss: `${ISSUER}/` }, {}],
    ["of no issuer", { iss: undefined }, {}],
    ["that has expired", { exp: 1 }, {}],
    ["without expiry", { exp: undefined }, {}],
    ["with an expiry that is no time", { exp: "soon" }, {}],
    ["that is not valid yet", { nbf: 9_999_999_999 }, {}],
    ["that is bound to a key (RFC 9449) and came as Bearer", { cnf: { jkt: "x" } }, {}],
    ["that is bound to a certificate (RFC 8705) and came as Bearer", { cnf: { "x5t#S256": "x" } }, {}],
    ["of the type JWT", {}, { typ: "JWT" }],
    ["of no type", {}, { typ: undefined }],
  ])("is refused when it is one %s", async (_, more, header) => {
    expect(await outcome(await key.sign(claims(more), header))).toBe("inactive");
  });

  it("passes whatever its audience only where no audiences are given", async () => {
    checker = checkerFor({ audiences: [] });
    expect(await outcome(await key.sign(claims({ aud: "api://other" })))).toBe("active");
    expect(await outcome(await key.sign(claims({ aud: undefined })))).toBe("active");
  });

  it("has the type of an access token; where that is not required, JWT or none will do, and never another purpose's", async () => {
    for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt"]) expect(await outcome(await key.sign(claims(), { typ }))).toBe("active");
    checker = checkerFor({ requireTyp: false });
    for (const typ of ["at+jwt", "JWT", undefined]) expect(await outcome(await key.sign(claims(), { typ }))).toBe("active");
    for (const typ of ["logout+jwt", "dpop+jwt", "secevent+jwt", ""])
      expect(await outcome(await key.sign(claims(), { typ }))).toBe("inactive");
  });

  it("is good exactly from its nbf to its exp, give or take the clock difference", async () => {
    const signed = new Map<number, string>();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -700, max: 700 }), async (skew, offset) => {
        // The times of the token are fixed; the clock of the gateway is what moves.
        const token = signed.get(0) ?? (await key.sign({ ...claims(), nbf: 1_800_000_000, exp: 1_800_000_100 }));
        signed.set(0, token);
        const now = (1_800_000_000 + offset) * 1000;
        checker = jwtResource.compile(
          { issuer: ISSUER, jwksUrl: `${server.origin}/keys`, clockSkewSeconds: skew },
          { ports: { ...ports, now: () => now }, connections: createConnections(testOutbound), resourceUri: "", secret: () => undefined },
        );
        expect(await outcome(token)).toBe(offset >= -skew && offset < 100 + skew ? "active" : "inactive");
      }),
      { numRuns: 60 },
    );
  });

  it("is served from memory no longer than it is good", async () => {
    checker = checkerFor({ clockSkewSeconds: 0 });
    const token = await key.sign(claims());
    expect(await outcome(token)).toBe("active");
    ports.advance(301_000);
    expect(await outcome(token)).toBe("inactive");
  });

  it("is refused when another key signed it, when it is not signed, and when it was changed", async () => {
    expect(await outcome(await stranger.sign(claims()))).toBe("inactive");
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "None", "NONE", ""])
      expect(await outcome(`${part({ alg, typ: "at+jwt", kid: "k1" })}.${part(claims())}.`)).toBe("inactive");
    const [header, , signature] = (await key.sign(claims())).split(".");
    expect(await outcome(`${header}.${part(claims({ sub: "admin" }))}.${signature}`)).toBe("inactive");
    for (const text of ["opaque", "a.b", "a.b.c", "....", "e30.e30.e30"]) expect(await outcome(text)).toBe("inactive");
  });

  it("never passes with a public key as the secret, even when the key set holds a symmetric key", async () => {
    const secrets = [key.pem, key.pem.trim(), JSON.stringify(key.jwk), key.jwk.n ?? ""];
    const shared = { kty: "oct", kid: "shared", k: Buffer.from("0123456789abcdef0123456789abcdef").toString("base64url") };
    server.answers.set("/keys", { json: { keys: [key.jwk, shared] } });
    const confused = secrets.map((secret) => [secret, "k1"]).concat([["0123456789abcdef0123456789abcdef", "shared"]]);
    for (const [secret, kid] of confused)
      for (const alg of ["HS256", "HS384", "HS512"]) {
        const bytes = new TextEncoder().encode((secret ?? "").padEnd(64, "\0"));
        const exact = alg === "HS256" ? new TextEncoder().encode(secret) : bytes;
        expect(await outcome(await new SignJWT(claims()).setProtectedHeader({ alg, typ: "at+jwt", kid }).sign(exact))).toBe("inactive");
      }
    expect(await outcome(await key.sign(claims()))).toBe("active");
  });

  it("is signed with an allowed algorithm, and with the one that its key is for", async () => {
    const pairs = await Promise.all(["RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"].map((alg) => signingKey(alg, alg)));
    server.answers.set("/keys", { json: { keys: pairs.map(({ jwk }) => jwk) } });
    const accepted = async () => {
      const outcomes = await Promise.all(pairs.map(async (pair) => [pair.alg, await outcome(await pair.sign(claims()))] as const));
      return outcomes.flatMap(([alg, result]) => (result === "active" ? [alg] : []));
    };
    expect(await accepted()).toEqual(["PS256", "ES256", "EdDSA", "Ed25519"]);
    checker = checkerFor({ algorithms: ["RS512", "ES384"] });
    expect(await accepted()).toEqual(["RS512", "ES384"]);
    server.answers.set("/keys", { json: { keys: pairs.map(({ jwk }) => ({ ...jwk, alg: "RS256" })) } });
    checker = checkerFor({ algorithms: ["RS256", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"] });
    expect(await accepted()).toEqual([]);
  });

  it("is found without a key id by any key that fits, and with one only by that key", async () => {
    const other = await signingKey("k2");
    server.answers.set("/keys", { json: { keys: [other.jwk, key.jwk] } });
    expect(await outcome(await key.sign(claims(), { kid: undefined }))).toBe("active");
    expect(await outcome(await key.sign(claims(), { kid: "k2" }))).toBe("inactive");
    expect(await outcome(await stranger.sign(claims(), { kid: undefined }))).toBe("inactive");
  });

  it("is good with each of several keys under one id, as servers publish them by mistake, and with no other", async () => {
    server.answers.set("/keys", { json: { keys: [stranger.jwk, key.jwk, { ...key.jwk, use: "enc" }] } });
    const third = await signingKey("k1");
    expect(await outcome(await key.sign(claims()))).toBe("active");
    expect(await outcome(await stranger.sign(claims()))).toBe("active");
    expect(await outcome(await third.sign(claims()))).toBe("inactive");
  });

  it("is not checked with keys for encryption, and a broken key does not spoil the others", async () => {
    server.answers.set("/keys", { json: { keys: [{ kty: "RSA", kid: "broken" }, { kty: 7 }, { ...key.jwk, use: "enc" }] } });
    expect(await outcome(await key.sign(claims()))).toBe("inactive");
    server.answers.set("/keys", { json: { keys: [{ kty: "RSA", kid: "broken" }, { kty: 7 }, key.jwk] } });
    checker = checkerFor();
    expect(await outcome(await key.sign(claims()))).toBe("active");
  });

  it("of no server can have an algorithm that is symmetric or none", () => {
    const parse = (config: Record<string, unknown>) => jwtConfigSchema.safeParse({ issuer: ISSUER, ...config }).success;
    expect(parse({})).toBe(true);
    for (const alg of ["none", "HS256", "HS384", "HS512", "dir"]) expect(parse({ algorithms: [alg] })).toBe(false);
    expect(parse({ algorithms: [] })).toBe(false);
    for (const issuer of ["", "idp", "ftp://idp.test", "https://idp.test?x=1"]) expect(parse({ issuer })).toBe(false);
    expect(parse({ clockSkewSeconds: 301 })).toBe(false);
  });
});
