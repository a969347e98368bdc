import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { testOutbound, testPorts } from "../testing/fixtures";
import { readAll } from "../testing/servers";
import { createConnections } from "../upstream/connections";
import type { ResourceContext, ResourceType } from "./contract";
import { graviteeAmResource } from "./oauth2-gravitee-am/resource";
import { introspectionResource } from "./oauth2-introspection/resource";
import { jwtResource } from "./oauth2-jwt/resource";
import { type SigningKey, signingKey } from "./oauth2-jwt/testing";
import { testAuthority } from "./testing/certificates";

/** A server with TLS that is every kind of authorization server at once. */
async function startSecureServer(identity: { cert: string; key: string }, key: SigningKey) {
  const seen: string[] = [];
  const server = createServer(identity, async (incoming, outgoing) => {
    await readAll(incoming);
    seen.push(incoming.url ?? "");
    outgoing.end(JSON.stringify(incoming.url === "/keys" ? { keys: [key.jwk] } : { active: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { origin: `https://127.0.0.1:${port}`, seen, close };
}

describe("an authorization server with TLS", () => {
  const authority = testAuthority("Ours");
  const stranger = testAuthority("Somebody else");
  let key: SigningKey;
  let token: string;
  let good: Awaited<ReturnType<typeof startSecureServer>>;
  let misnamed: Awaited<ReturnType<typeof startSecureServer>>;

  const context: ResourceContext = {
    ports: testPorts(),
    connections: createConnections(testOutbound),
    resourceUri: "http://gateway.test/gateway/orders",
    secret: () => ({ value: "secret", version: "1" }),
  };

  beforeAll(async () => {
    key = await signingKey("k1");
    token = await key.sign({ iss: "https://idp.test", exp: Math.floor(Date.now() / 1000) + 600, client_id: "app" });
    good = await startSecureServer(authority.issue(["127.0.0.1"]), key);
    misnamed = await startSecureServer(authority.issue(["idp.test"]), key);
  });
  afterAll(() => Promise.all([good.close(), misnamed.close()]));

  const kinds: [string, ResourceType, (origin: string) => Record<string, unknown>][] = [
    ["oauth2-introspection", introspectionResource, (origin) => ({ introspectionEndpoint: `${origin}/introspect`, clientId: "gw" })],
    ["oauth2-gravitee-am", graviteeAmResource, (origin) => ({ serverUrl: origin, securityDomain: "test", clientId: "gw" })],
    ["oauth2-jwt", jwtResource, (origin) => ({ issuer: "https://idp.test", jwksUrl: `${origin}/keys` })],
  ];

  it.each(kinds)("is asked by %s only when its certificate is signed by the given CA, and for its host", async (_, type, configFor) => {
    const check = async (server: typeof good, caCertificates?: string) => {
      const checker = type.compile({ ...configFor(server.origin), ...(caCertificates === undefined ? {} : { caCertificates }) }, context);
      const result = await checker.check(token);
      checker.release();
      return result;
    };
    // The connections are those of one gateway: what one resource trusts must not serve the one that trusts another.
    expect((await check(good, authority.cert)).outcome).toBe("active");
    good.seen.length = 0;
    expect((await check(good)).outcome).toBe("unavailable");
    expect((await check(good, stranger.cert)).outcome).toBe("unavailable");
    expect(await check(misnamed, authority.cert)).toMatchObject({ outcome: "unavailable", reason: expect.stringMatching(/altnames/i) });
    expect([...good.seen, ...misnamed.seen]).toEqual([]);
    expect((await check(good, `# ours\n${stranger.cert}\n${authority.cert}`)).outcome).toBe("active");
    expect(context.connections.size).toBe(0);
  });

  it("is verified also where the environment of the process says that nothing is", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const checker = introspectionResource.compile({ introspectionEndpoint: `${good.origin}/introspect`, clientId: "gw" }, context);
    expect((await checker.check(token)).outcome).toBe("unavailable");
    checker.release();
    vi.unstubAllEnvs();
  });

  it("keeps the connections of different CAs apart while both are in use", async () => {
    const compile = (caCertificates: string) =>
      introspectionResource.compile({ introspectionEndpoint: `${good.origin}/introspect`, clientId: "gw", caCertificates }, context);
    const trusting = compile(authority.cert);
    const other = compile(stranger.cert);
    expect((await trusting.check("a")).outcome).toBe("active");
    expect((await other.check("b")).outcome).toBe("unavailable");
    expect((await trusting.check("c")).outcome).toBe("active");
    trusting.release();
    other.release();
  });

  it.each(kinds)("cannot be configured in %s with anything but certificates, and the field is named", (_, { descriptor }, configFor) => {
    const cut = authority.cert.slice(0, 200);
    const garbled = authority.cert.replace(/\n([A-Za-z0-9+/]{20})/, (_match, text: string) => `\n${[...text].reverse().join("")}`);
    const wrong = ["", "ca", cut, garbled, authority.key, authority.cert + authority.key, authority.cert + cut];
    for (const caCertificates of wrong) {
      const parsed = descriptor.schema.safeParse({ ...configFor("https://idp.test"), caCertificates });
      expect(parsed.error?.issues.map(({ path }) => path)).toEqual([["caCertificates"]]);
    }
    for (const caCertificates of [authority.cert, authority.cert.replaceAll("\n", "\r\n"), authority.cert + stranger.cert])
      expect(descriptor.schema.safeParse({ ...configFor("https://idp.test"), caCertificates }).success).toBe(true);
  });
});
