import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deployed } from "../../testing/fixtures";
import { ADAPTERS, type RunningGateway, startGateway } from "../../testing/harness";
import { startBackend } from "../../testing/servers";
import { type KeyServer, type SigningKey, signingKey, startKeyServer } from "./testing";

describe.each(ADAPTERS)("an API that is protected by a JWT authorization server, behind %s", (adapter) => {
  let gateway: RunningGateway;
  let backend: Awaited<ReturnType<typeof startBackend>>;
  let server: KeyServer;
  let key: SigningKey;

  beforeAll(async () => {
    [gateway, backend, server, key] = await Promise.all([startGateway(adapter), startBackend(), startKeyServer(), signingKey("k1")]);
  });
  afterAll(async () => {
    await Promise.all([gateway.close(), backend.close(), server.close()]);
  });

  it("answers 503 while there are no keys, then lets good tokens with the scopes through and nothing else", async () => {
    const issuer = server.origin;
    const problems = await gateway.gateway.replace([
      deployed({
        endpoints: { production: { url: backend.origin } },
        resources: [{ name: "idp", type: "oauth2-jwt", config: { issuer, audiences: ["orders"] } }],
        flows: [{ request: [{ policy: "oauth2", config: { resource: "idp", requiredScopes: ["read"] } }] }],
      }),
    ]);
    expect(problems).toEqual([]);
    const claims = { iss: issuer, aud: "orders", sub: "alice", client_id: "shop", scope: "read" };
    const exp = Math.floor(gateway.ports.now() / 1000) + 3600;
    const send = async (more: Record<string, unknown> = {}) =>
      gateway.call("/orders", { headers: ["authorization", `Bearer ${await key.sign({ ...claims, exp, ...more })}`] });

    const away = await send();
    expect([away.status, JSON.parse(away.body).error]).toEqual([503, "OAUTH2_SERVER_UNAVAILABLE"]);

    server.answers.set("/.well-known/openid-configuration", { json: { issuer, jwks_uri: `${issuer}/keys` } });
    server.answers.set("/keys", { json: { keys: [key.jwk] } });
    gateway.ports.advance(1000);
    expect((await send()).status).toBe(200);
    expect(backend.calls[0]?.headers).toMatchObject({ "x-gatewright-client-id": "shop", "x-gatewright-subject": "alice" });
    expect(backend.calls[0]?.headers.authorization).toBeUndefined();
    expect((await send({ aud: "other" })).headers["www-authenticate"]).toContain('error="invalid_token"');
    expect((await send({ scope: "write" })).status).toBe(403);
    expect(backend.calls).toHaveLength(1);
  });
});
