import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createServer, ensureDefaultServer } from "@/lib/authorization-server/servers";
import { addApplication, addScopes, startTestIssuer, type TestApplication, type TestIssuer } from "@/lib/authorization-server/test-issuer";
import { deployed } from "@/lib/gateway/testing/fixtures";
import { type RunningGateway, startGateway } from "@/lib/gateway/testing/harness";
import { startBackend } from "@/lib/gateway/testing/servers";
import { database } from "@/lib/platform/database";

let issuer: TestIssuer;
let gateway: RunningGateway;
let backend: Awaited<ReturnType<typeof startBackend>>;
let resourceServer: TestApplication;

beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
  await createServer(database(), issuer.box, { id: "opaque", name: "Opaque", audience: "orders", description: "", tokenFormat: "opaque" });
  for (const serverId of ["default", "opaque"]) await addScopes(serverId, ["orders:read", "orders:write"]);
  [gateway, backend] = await Promise.all([startGateway("node-http"), startBackend()]);
}, 120_000);
afterAll(async () => {
  await Promise.all([gateway?.close(), backend?.close()]);
  await issuer?.stop();
});
afterEach(() => {
  backend.calls.length = 0;
});

async function tokenFor(application: TestApplication, serverId: string, scope: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${application.clientId}:${application.clientSecret}`).toString("base64")}`;
  const body = new URLSearchParams({ grant_type: "client_credentials", scope });
  const answer = await fetch(`${issuer.url}/oauth2/${serverId}/v1/token`, { method: "POST", headers: { authorization }, body });
  return (await answer.json()).access_token;
}

const deploy = (type: string, config: Record<string, unknown>) =>
  gateway.gateway.replace([
    deployed(
      {
        endpoints: { production: { url: backend.origin } },
        resources: [{ name: "as", type, config }],
        flows: [{ request: [{ policy: "oauth2", config: { resource: "as", requiredScopes: ["orders:read"] } }] }],
      },
      { "resources/as/clientSecret": resourceServer.clientSecret },
    ),
  ]);

const callWith = (token: string) => gateway.call("/orders", { headers: ["authorization", `Bearer ${token}`] });

const RESOURCES: [string, string, () => Record<string, unknown>][] = [
  ["oauth2-jwt", "default", () => ({ issuer: `${issuer.url}/oauth2/default`, audiences: ["api://default"] })],
  [
    "oauth2-introspection",
    "default",
    () => ({ introspectionEndpoint: `${issuer.url}/oauth2/default/v1/introspect`, clientId: resourceServer.clientId }),
  ],
  [
    "oauth2-introspection",
    "opaque",
    () => ({
      introspectionEndpoint: `${issuer.url}/oauth2/opaque/v1/introspect`,
      clientId: resourceServer.clientId,
      audiences: ["orders"],
    }),
  ],
  [
    "oauth2-gravitee-am",
    "default",
    () => ({ serverUrl: `${issuer.url}/am`, securityDomain: "default", version: "V3", clientId: resourceServer.clientId }),
  ],
  [
    "oauth2-gravitee-am",
    "opaque",
    () => ({ serverUrl: `${issuer.url}/am`, securityDomain: "opaque", version: "V1", clientId: resourceServer.clientId }),
  ],
];

describe.each(RESOURCES)("the resource %s uses the Gatewright server %s over HTTP like an external one", (type, serverId, config) => {
  test("and accepts its tokens by scope, and no others", async () => {
    resourceServer = await addApplication({ serverId });
    const application = await addApplication({ serverId });
    expect(await deploy(type, config())).toEqual([]);
    expect((await callWith(await tokenFor(application, serverId, "orders:read"))).status).toBe(200);
    expect((await callWith(await tokenFor(application, serverId, "orders:write"))).status).toBe(403);
    expect((await callWith("made-up")).status).toBe(401);
    const other = serverId === "default" ? "opaque" : "default";
    expect((await callWith(await tokenFor(await addApplication({ serverId: other }), other, "orders:read"))).status).toBe(401);
    expect(backend.calls).toHaveLength(1);
  });
});
