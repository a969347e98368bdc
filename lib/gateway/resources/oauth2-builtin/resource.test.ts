import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BuiltinServer } from "../../ports";
import { testOutbound, testPorts } from "../../testing/fixtures";
import { createConnections } from "../../upstream/connections";
import type { TokenChecker } from "../contract";
import { builtinResource } from "./resource";

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = "http://console.test/oauth2/default";
const RESOURCE = "http://gateway.test/gateway/orders";

describe("a token of our own authorization server", () => {
  let rsa: KeyPair;
  let other: KeyPair;
  let server: BuiltinServer;
  let ports: ReturnType<typeof testPorts>;
  let checker: TokenChecker;

  const sign = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key: KeyPair = rsa) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: ISSUER,
      aud: "api://default",
      sub: "app",
      client_id: "app",
      jti: "1",
      iat: now,
      exp: now + 300,
      scope: "orders:read",
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: "k1", ...header })
      .sign(key.privateKey);
  };
  const outcome = async (token: string) => (await checker.check(token)).outcome;

  beforeAll(async () => {
    [rsa, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
  });
  beforeEach(async () => {
    server = {
      id: "default",
      issuer: ISSUER,
      audience: "api://default",
      enabled: true,
      keys: [{ ...(await exportJWK(rsa.publicKey)), kid: "k1", alg: "RS256", use: "sig" }],
    };
    ports = testPorts();
    ports.servers.set("default", server);
    checker = builtinResource.compile(
      { server: "default" },
      { ports, connections: createConnections(testOutbound), resourceUri: RESOURCE, secret: () => undefined },
    );
  });

  it("is good for the server's audience and for the API's own address", async () => {
    expect(await checker.check(await sign({ environment: "sandbox" }))).toMatchObject({
      outcome: "active",
      token: { clientId: "app", scopes: ["orders:read"], environment: "sandbox" },
    });
    expect(await outcome(await sign({ aud: ["x", RESOURCE] }))).toBe("active");
  });

  it.each([
    ["for another audience", { aud: "api://other" }, {}],
    ["for another API", { aud: "http://gateway.test/gateway/stock" }, {}],
    ["for an API whose path begins alike", { aud: `${RESOURCE}-old` }, {}],
    ["for a path of the API", { aud: `${RESOURCE}/1` }, {}],
    ["for other APIs", { aud: ["http://gateway.test/gateway/stock", "http://gateway.test/gateway"] }, {}],
    ["of another issuer", { iss: "http://evil.test" }, {}],
    ["that has expired", { exp: 1 }, {}],
    ["that is not valid yet", { nbf: 9_999_999_999 }, {}],
    ["without expiry", { exp: undefined }, {}],
    ["without client", { client_id: undefined }, {}],
    ["that is bound to a key", { cnf: { jkt: "x" } }, {}],
    ["of another type", {}, { typ: "JWT" }],
    ["of an unknown key", {}, { kid: "k2" }],
  ])("is refused when it is one %s", async (_, claims, header) => {
    expect(await outcome(await sign(claims, header))).toBe("inactive");
  });

  it("is refused when another key signed it, when it is not signed, and when the public key was used as a secret", async () => {
    expect(await outcome(await sign({}, {}, other))).toBe("inactive");
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const claims = part({ iss: ISSUER, aud: "api://default", sub: "a", client_id: "a", jti: "1", iat: now, exp: now + 300 });
    expect(await outcome(`${part({ alg: "none", typ: "at+jwt" })}.${claims}.`)).toBe("inactive");
    const secret = new TextEncoder().encode(JSON.stringify(server.keys[0]));
    const confused = await new SignJWT({ iss: ISSUER, aud: "api://default", sub: "a", client_id: "a", jti: "1", iat: now, exp: now + 300 })
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: "k1" })
      .sign(secret);
    expect(await outcome(confused)).toBe("inactive");
    expect(await outcome("opaque")).toBe("inactive");
  });

  it("is good no longer once its key is gone, its server is disabled or deleted, or its time is over", async () => {
    const token = await sign();
    expect(await outcome(token)).toBe("active");
    ports.servers.set("default", { ...server, keys: [] });
    expect(await outcome(token)).toBe("inactive");
    ports.servers.set("default", { ...server, enabled: false });
    expect(await outcome(token)).toBe("inactive");
    ports.servers.delete("default");
    expect(await outcome(token)).toBe("missingServer");
    ports.servers.set("default", server);
    expect(await outcome(token)).toBe("active");
    ports.advance(301_000);
    expect(await outcome(token)).toBe("inactive");
  });

  it("is answered at once when it is known and the server is, and anew when anything of the server has changed", async () => {
    checker = builtinResource.compile(
      {},
      {
        ports: { ...ports, builtinServer: () => server },
        connections: createConnections(testOutbound),
        resourceUri: RESOURCE,
        secret: () => undefined,
      },
    );
    const token = await sign();
    const cold = checker.check(token);
    expect(cold).toBeInstanceOf(Promise);
    const known = await cold;
    expect(checker.check(token)).toBe(known);
    // The same server read again is the same server.
    server = structuredClone(server);
    expect(checker.check(token)).toBe(known);
    server = { ...server, audience: "api://moved" };
    expect(await outcome(token)).toBe("inactive");
  });

  it("cannot be checked while the server cannot be read", async () => {
    checker = builtinResource.compile(
      {},
      {
        ports: { ...ports, builtinServer: () => Promise.reject(new Error("away")) },
        connections: createConnections(testOutbound),
        resourceUri: RESOURCE,
        secret: () => undefined,
      },
    );
    expect(await outcome(await sign())).toBe("unavailable");
  });
});
