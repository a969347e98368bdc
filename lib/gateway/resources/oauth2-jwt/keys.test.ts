import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { type Connections, createConnections } from "../../upstream/connections";
import type { TokenChecker } from "../contract";
import { metadataUrls } from "./load-keys";
import { jwtResource } from "./resource";
import { type KeyServer, type SigningKey, signingKey, startKeyServer } from "./testing";

const ISSUER = "https://idp.test";

describe("the keys of a JWT authorization server", () => {
  let server: KeyServer;
  let old: SigningKey;
  let next: SigningKey;
  let ports: ReturnType<typeof testPorts>;
  let connections: Connections;
  let checker: TokenChecker;
  let time: number;

  const checkerFor = (config: Record<string, unknown>) =>
    jwtResource.compile(config, { ports: { ...ports, now: () => time }, connections, resourceUri: "", secret: () => undefined });
  const sign = (key: SigningKey, more: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    key.sign({ iss: ISSUER, sub: "app", exp: Math.floor(time / 1000) + 86_400, ...more }, header);
  const outcome = async (token: string) => (await checker.check(token)).outcome;
  const publish = (...keys: SigningKey[]) => server.answers.set("/keys", { json: { keys: keys.map(({ jwk }) => jwk) } });

  beforeAll(async () => {
    server = await startKeyServer();
    [old, next] = await Promise.all([signingKey("old"), signingKey("next")]);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.answers.clear();
    server.asked.length = 0;
    publish(old);
    ports = testPorts();
    time = 1_800_000_000_000;
    connections = createConnections(testOutbound);
    checker = checkerFor({ issuer: ISSUER, jwksUrl: `${server.origin}/keys` });
  });

  it("are fetched once for all who ask at the same moment, and leave no connection behind", async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => sign(old, { jti: String(index) })));
    expect(new Set(await Promise.all(tokens.map(outcome)))).toEqual(new Set(["active"]));
    expect(server.asked).toEqual(["/keys"]);
    expect(connections.size).toBe(0);
  });

  it("are fetched again at once for a key that was added, so that a rotation refuses nobody", async () => {
    expect(await outcome(await sign(old))).toBe("active");
    publish(old, next);
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => sign(next, { jti: String(index) })));
    expect(new Set(await Promise.all(tokens.map(outcome)))).toEqual(new Set(["active"]));
    expect(server.asked).toHaveLength(2);
  });

  it("are fetched again for a token without a key id that none of them signed", async () => {
    expect(await outcome(await sign(old))).toBe("active");
    publish(next);
    expect(await outcome(await sign(next, {}, { kid: undefined }))).toBe("active");
  });

  it("are fetched again at most once in 10 s, however many unknown keys are named", async () => {
    const flood = async (name: string) => {
      const tokens = await Promise.all(Array.from({ length: 50 }, (_, index) => sign(next, {}, { kid: `${name}${index}` })));
      expect(new Set(await Promise.all(tokens.slice(0, 25).map(outcome)))).toEqual(new Set(["inactive"]));
      for (const token of tokens.slice(25)) expect(await outcome(token)).toBe("inactive");
    };
    expect(await outcome(await sign(old))).toBe("active");
    await flood("a");
    expect(server.asked).toHaveLength(2);
    time += 9_999;
    await flood("b");
    expect(server.asked).toHaveLength(2);
    time += 1;
    await flood("c");
    expect(server.asked).toHaveLength(3);
    expect(await outcome(await sign(old))).toBe("active");
    expect(server.asked).toHaveLength(3);
  });

  it("are fetched by no token that is refused whatever its key", async () => {
    expect(await outcome(await sign(old))).toBe("active");
    expect(await outcome(await sign(next, {}, { kid: "x", typ: "JWT" }))).toBe("inactive");
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    expect(await outcome(`${part({ alg: "HS256", typ: "at+jwt", kid: "x" })}.${part({ iss: ISSUER })}.c2ln`)).toBe("inactive");
    expect(server.asked).toHaveLength(1);
  });

  it("are fetched again once for a key that was replaced under the same name, and a forged token repeats it at most every 10 s", async () => {
    const renamed: SigningKey = { ...next, kid: old.kid, jwk: { ...next.jwk, kid: old.kid } };
    const signed = (jti: string) => next.sign({ iss: ISSUER, sub: "app", exp: Math.floor(time / 1000) + 86_400, jti }, { kid: old.kid });
    expect(await outcome(await sign(old))).toBe("active");
    publish(renamed);
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => signed(String(index))));
    expect(new Set(await Promise.all(tokens.map(outcome)))).toEqual(new Set(["active"]));
    expect(server.asked).toHaveLength(2);
    const forged = await Promise.all(Array.from({ length: 20 }, (_, index) => sign(old, { jti: `forged ${index}` })));
    expect(new Set(await Promise.all(forged.map(outcome)))).toEqual(new Set(["inactive"]));
    expect(server.asked).toHaveLength(2);
    time += 10_000;
    for (const token of await Promise.all([sign(old, { jti: "x" }), sign(old, { jti: "y" })]))
      expect(await outcome(token)).toBe("inactive");
    expect(server.asked).toHaveLength(3);
  });

  it("serve although others of the set are odd, short, unknown or no keys at all, also for a token that names none", async () => {
    const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
    const x25519 = generateKeyPairSync("x25519").publicKey.export({ format: "jwk" });
    const oct = { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0" };
    const odd = [
      null,
      "text",
      7,
      [],
      {},
      short,
      { ...short, kid: old.kid },
      { ...x25519, kid: "x" },
      { ...oct, kid: old.kid },
      { kty: "AKP", alg: "ML-DSA-65", kid: "pq", pub: "AAAA" },
      { kty: "RSA", kid: old.kid, e: "AQAB" },
      { kty: "EC", crv: "P-256", x: "AA", y: "AA" },
      { kty: "RSA", kid: old.kid, n: 5, e: "AQAB" },
      { kty: 5 },
      { ...next.jwk, kid: 5 },
      { ...next.jwk, use: "enc", kid: old.kid },
      { ...next.jwk, key_ops: ["encrypt"], kid: old.kid },
    ];
    const { kty, n, e } = old.jwk;
    // As serializers of .NET write what they have no value for.
    const good = { kty, n, e, kid: old.kid, alg: null, use: null, key_ops: [], x5c: [], x5t: null };
    server.answers.set("/keys", { json: { keys: [...odd, good] } });
    expect(await outcome(await sign(old))).toBe("active");
    expect(await outcome(await sign(old, {}, { kid: undefined }))).toBe("active");
    expect(await outcome(await sign(next, {}, { kid: old.kid }))).toBe("inactive");
  });

  it("sign nothing any more once their private half was published", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...privateKey.export({ format: "jwk" }), kid: "leaked" };
    server.answers.set("/keys", { json: { keys: [jwk, old.jwk] } });
    const token = await new SignJWT({ iss: ISSUER, exp: Math.floor(time / 1000) + 60 })
      .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "leaked" })
      .sign(privateKey);
    expect(await outcome(token)).toBe("inactive");
    expect(await outcome(await sign(old))).toBe("active");
  });

  it("are trusted no more once another fetch shows that they were withdrawn, also for tokens that were good before", async () => {
    const token = await sign(old);
    expect(await outcome(token)).toBe("active");
    publish(next);
    expect(await outcome(await sign(next))).toBe("active");
    expect(await outcome(token)).toBe("inactive");
  });

  it("are trusted for 10 minutes at most after they were withdrawn, without any unknown key", async () => {
    const token = await sign(old);
    expect(await outcome(token)).toBe("active");
    publish(next);
    time += 599_999;
    expect(await outcome(token)).toBe("active");
    time += 1;
    expect(await outcome(token)).toBe("inactive");
  });

  it.each([
    ["is down", { status: 503 }],
    ["answers with other than JSON", { status: 200, body: "<html>" }],
    ["answers with JSON that is no key set", { json: { keys: "none" } }],
    ["redirects", { status: 302, headers: { location: "/elsewhere" } }],
    ["answers with more than it may", { json: { keys: [], padding: "x".repeat(300_000) } }],
    ["answers with more keys than there can be", { json: { keys: Array.from({ length: 101 }, () => ({ kty: "RSA" })) } }],
  ])("go on serving when the server %s, and without any the call cannot be checked", async (_, answer) => {
    const token = await sign(old);
    expect(await outcome(token)).toBe("active");
    server.answers.set("/keys", answer);
    server.answers.set("/elsewhere", { json: { keys: [next.jwk] } });
    time += 3_600_000;
    expect(await outcome(token)).toBe("active");
    expect(await outcome(await sign(old, { jti: "new" }))).toBe("active");
    const failure = "status" in answer && answer.status !== 200 ? "unavailable" : "invalidResponse";
    expect(await outcome(await sign(next))).toBe(failure);
    // Within the second nobody asks again, and it still can't be said whose key it is.
    const askedOnce = server.asked.length;
    expect(await outcome(await sign(next, { jti: "soon" }))).toBe(failure);
    expect(await outcome(await next.sign({ iss: ISSUER, exp: Math.floor(time / 1000) + 60 }, { kid: old.kid }))).toBe("inactive");
    expect(server.asked).toHaveLength(askedOnce);
    expect(server.asked).not.toContain("/elsewhere");

    const known = checker;
    checker = checkerFor({ issuer: ISSUER, jwksUrl: `${server.origin}/keys` });
    expect(await outcome(token)).toBe(failure);
    const asked = server.asked.length;
    await outcome(token);
    expect(server.asked).toHaveLength(asked);
    publish(old, next);
    time += 1000;
    expect(await outcome(token)).toBe("active");
    checker = known;
    expect(await outcome(await sign(next, { jti: "after" }))).toBe("active");
  });

  it("cannot be had from a server that nobody reaches", async () => {
    const gone = await startKeyServer();
    await gone.close();
    checker = checkerFor({ issuer: ISSUER, jwksUrl: `${gone.origin}/keys` });
    expect(await outcome(await sign(old))).toBe("unavailable");
    checker = checkerFor({ issuer: gone.origin });
    expect(await outcome(await sign(old))).toBe("unavailable");
  });

  describe("when they are discovered", () => {
    const discover = async (issuer: string) => {
      checker = checkerFor({ issuer });
      return outcome(await sign(old, { iss: issuer }));
    };

    it.each([
      ["/.well-known/openid-configuration", ""],
      ["/.well-known/oauth-authorization-server", ""],
      ["/oauth2/a/.well-known/openid-configuration", "/oauth2/a"],
      ["/.well-known/oauth-authorization-server/oauth2/a", "/oauth2/a"],
      ["/oauth2/a/.well-known/oauth-authorization-server", "/oauth2/a"],
      ["/oauth2/a/.well-known/openid-configuration", "/oauth2/a/"],
    ])("are found by %s for an issuer with the path '%s'", async (path, suffix) => {
      const issuer = server.origin + suffix;
      server.answers.set(path, { json: { issuer, jwks_uri: `${server.origin}/keys` } });
      expect(await discover(issuer)).toBe("active");
      expect(metadataUrls(issuer)).toContain(server.origin + path);
    });

    it.each([
      ["is of another issuer", { issuer: "https://evil.test" }],
      ["differs from the issuer by a slash", { issuer: "/" }],
      ["names no issuer", { issuer: undefined }],
      ["names no keys", { jwks_uri: undefined }],
      ["names keys that are not fetched over HTTP", { jwks_uri: "file:///etc/keys" }],
    ])("are not taken from metadata that %s", async (_, more) => {
      const metadata = { issuer: server.origin, jwks_uri: `${server.origin}/keys`, ...more };
      if (metadata.issuer === "/") metadata.issuer = `${server.origin}/`;
      server.answers.set("/.well-known/openid-configuration", { json: metadata });
      expect(await discover(server.origin)).toBe("invalidResponse");
      expect(server.asked).not.toContain("/keys");
    });

    it("are not taken from where metadata redirects to", async () => {
      server.answers.set("/.well-known/openid-configuration", { status: 302, headers: { location: "/metadata" } });
      server.answers.set("/metadata", { json: { issuer: server.origin, jwks_uri: `${server.origin}/keys` } });
      expect(await discover(server.origin)).toBe("unavailable");
      expect(server.asked).not.toContain("/metadata");
    });

    it("are found again after they have moved", async () => {
      const metadata = (path: string) => ({ json: { issuer: server.origin, jwks_uri: server.origin + path } });
      server.answers.set("/.well-known/openid-configuration", metadata("/keys"));
      expect(await discover(server.origin)).toBe("active");
      server.answers.delete("/keys");
      server.answers.set("/moved", { json: { keys: [next.jwk] } });
      server.answers.set("/.well-known/openid-configuration", metadata("/moved"));
      expect(await outcome(await sign(next, { iss: server.origin }))).toBe("active");
    });
  });
});
