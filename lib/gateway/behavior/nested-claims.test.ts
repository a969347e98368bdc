import { generateKeyPairSync, sign } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type KeyServer, startKeyServer } from "../resources/oauth2-jwt/testing";
import { deployed } from "../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../testing/harness";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { startBackend } from "../testing/servers";

const ISSUER = "https://idp.test";
/** Writing such a value as JSON exhausts the stack. */
const lists = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe.each(ADAPTERS)("a token's claims behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let as: IntrospectionServer;
  let keys: KeyServer;
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });

  beforeAll(async () => {
    [backend, as, keys, gateway] = await Promise.all([startBackend(), startIntrospection(), startKeyServer(), startGateway(adapter)]);
    keys.answers.set("/keys", { json: { keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "k1", alg: "RS256", use: "sig" }] } });
    const guard = (resource: string) => [
      { policy: "oauth2", config: { resource, exposePayload: true } },
      { policy: "transform-headers", config: { set: [{ name: "X-Deep", value: "{claims.deep}" }] } },
    ];
    const problems = await gateway.gateway.replace([
      deployed(
        {
          endpoints: { production: { url: backend.origin } },
          flowSelection: "best",
          resources: [
            { name: "jwt", type: "oauth2-jwt", config: { issuer: ISSUER, jwksUrl: `${keys.origin}/keys`, audiences: ["orders"] } },
            {
              name: "as",
              type: "oauth2-introspection",
              config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw", audiences: ["orders"], issuer: ISSUER },
            },
          ],
          flows: ["jwt", "as"].map((name) => ({ match: { path: `/${name}` }, request: guard(name) })),
        },
        { "resources/as/clientSecret": "secret" },
      ),
    ]);
    expect(problems).toEqual([]);
  });
  afterAll(() => Promise.all([backend.close(), as.close(), keys.close(), gateway.close()]));
  afterEach(() => {
    as.override = null;
    backend.calls.length = 0;
    gateway.ports.records.length = 0;
  });

  /** The claims as JSON, with one member written by hand. */
  const claims = (name: string, json: string) => {
    const now = Math.floor(gateway.ports.now() / 1000);
    const others = {
      active: true,
      iss: ISSUER,
      aud: "orders",
      sub: "alice",
      client_id: "shop",
      iat: now,
      exp: now + 600,
      [name]: undefined,
    };
    return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(name)}:${json}}`;
  };
  const part = (text: string) => Buffer.from(text).toString("base64url");
  const send = (kind: "jwt" | "as", name: string, json: string) => {
    const text = claims(name, json);
    const input = `${part('{"alg":"RS256","typ":"at+jwt","kid":"k1"}')}.${part(text)}`;
    if (kind === "as") as.override = { status: 200, body: text };
    const token =
      kind === "as" ? crypto.randomUUID() : `${input}.${sign("sha256", Buffer.from(input), own.privateKey).toString("base64url")}`;
    return gateway.call(`/orders/${kind}`, { headers: ["authorization", `Bearer ${token}`] });
  };

  it("may nest as deep as anybody nests them", async () => {
    for (const kind of ["jwt", "as"] as const)
      for (const json of [lists(20), objects(20)]) expect((await send(kind, "deep", json)).status).toBe(200);
    expect(backend.calls).toHaveLength(4);
  });

  // A JWT of 16,384 characters holds some 5,500 levels; an introspection response more than anybody reads.
  it.each(["deep", "aud", "iss", "scope", "cnf"])("are rejected, never a 500, when %s nests thousands of levels deep", async (name) => {
    const attempts = [
      ["jwt", lists(5500), 401, "OAUTH2_INVALID_ACCESS_TOKEN"],
      ["jwt", objects(1900), 401, "OAUTH2_INVALID_ACCESS_TOKEN"],
      ["as", lists(8000), 503, "OAUTH2_INVALID_SERVER_RESPONSE"],
      ["as", objects(8000), 503, "OAUTH2_INVALID_SERVER_RESPONSE"],
      ["as", lists(32_000), 503, "OAUTH2_INVALID_SERVER_RESPONSE"],
    ] as const;
    for (const [kind, json, status, code] of attempts) {
      const reply = await send(kind, name, json);
      expect([reply.status, JSON.parse(reply.body).error]).toEqual([status, code]);
      expect(gateway.ports.records.at(-1)?.reason).toMatch(/nest|issuer/);
    }
    expect(backend.calls).toHaveLength(0);
  });
});
