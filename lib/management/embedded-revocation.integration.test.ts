import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleAuthorizationServerRequest } from "@/lib/authorization-server/http";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { until } from "@/lib/data-plane/testing/launch";
import { Caller } from "@/lib/gateway/http/caller";
import { database } from "@/lib/platform/database";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { createApi } from "./apis";
import { createApplication } from "./applications";
import { createAuthorizationServer } from "./authorization-servers";
import { applicationBodySchema, authorizationServerBodySchema } from "./contract/authorization";
import { deployApi } from "./deployments";
import { embeddedGateway } from "./runtime";
import { startConsole } from "./start-console";

let db: TestDatabase;
let backend: TestBackend;

beforeAll(async () => {
  db = await testDatabase();
  backend = await testBackend();
  const secretKey = randomBytes(32).toString("base64");
  Object.assign(process.env, { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: secretKey, GATEWRIGHT_PUBLIC_URL: "https://console.example" });
  await startConsole({ development: true });
  for (const tokenFormat of ["jwt", "opaque"] as const) {
    const body = { id: tokenFormat, name: tokenFormat, audience: "api://x", tokenFormat };
    await createAuthorizationServer(authorizationServerBodySchema.parse(body), "test");
    const { id } = await createApi(
      {
        name: tokenFormat,
        contextPath: `/${tokenFormat}`,
        endpoints: { production: { url: backend.url } },
        resources: [{ name: "own", type: "oauth2-builtin", config: { server: tokenFormat } }],
        flows: [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }],
      },
      "test",
    );
    await deployApi(id, "", undefined, "test");
  }
});
afterAll(async () => {
  await database().$disconnect();
  await db?.drop();
  await backend?.close();
});

const clientOf = async (server: string) =>
  createApplication(applicationBodySchema.parse({ name: "App", authorizationServer: server }), "test");
type Client = Awaited<ReturnType<typeof clientOf>>;

async function post(server: string, client: Client, path: string, form: Record<string, string>): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64")}`;
  const url = `https://console.example/oauth2/${server}${path}`;
  const request = new Request(url, { method: "POST", headers: { authorization }, body: new URLSearchParams(form) });
  return handleAuthorizationServerRequest(server, path, request);
}

async function tokenOf(server: string, client: Client): Promise<string> {
  const answer = await post(server, client, "/v1/token", { grant_type: "client_credentials" });
  const { access_token: token }: { access_token: string } = await answer.json();
  return token;
}

async function call(server: string, token: string): Promise<number> {
  const gateway = await embeddedGateway();
  const { status, body } = await gateway.handle({
    method: "GET",
    target: `/${server}/x`,
    rawHeaders: ["host", "console.example", "authorization", `Bearer ${token}`],
    peerAddress: "127.0.0.1",
    body: null,
    caller: new Caller(),
  });
  if (body !== null && "destroy" in body) body.destroy();
  return status;
}
const refused = (server: string, token: string) =>
  until(
    () => call(server, token),
    (status) => status === 401,
  );

describe.each(["jwt", "opaque"])("the embedded gateway, with a %s token that it has accepted", (server) => {
  it("rejects it once it's revoked, and no other", async () => {
    const client = await clientOf(server);
    const [token, other] = [await tokenOf(server, client), await tokenOf(server, client)];
    expect([await call(server, token), await call(server, other)]).toEqual([200, 200]);
    expect((await post(server, client, "/v1/revoke", { token })).status).toBe(200);
    expect(await refused(server, token)).toBe(401);
    expect(await call(server, other)).toBe(200);
  });

  it("rejects it once another process has deactivated its application", async () => {
    const client = await clientOf(server);
    const token = await tokenOf(server, client);
    expect(await call(server, token)).toBe(200);
    const endedAt = new Date();
    const expiresAt = new Date(Date.now() + 3_600_000);
    // What another console writes: nothing in this process tells the gateway of it.
    await database().endedClient.create({ data: { clientId: client.clientId, serverId: server, endedAt, isOff: true, expiresAt } });
    expect(await refused(server, token)).toBe(401);
  });

  it("rejects it once another process has deactivated its authorization server", async () => {
    const token = await tokenOf(server, await clientOf(server));
    expect(await call(server, token)).toBe(200);
    await database().authorizationServer.update({ where: { id: server }, data: { enabled: false } });
    expect(await refused(server, token)).toBe(401);
  });
});
