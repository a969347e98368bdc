import { randomBytes } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleAuthorizationServerRequest } from "@/lib/authorization-server/http";
import { type TestBackend, testBackend } from "@/lib/data-plane/testing/backend";
import { type LaunchedGateway, launchGateway, until } from "@/lib/data-plane/testing/launch";
import { Caller } from "@/lib/gateway/http/caller";
import { database } from "@/lib/platform/database";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { createApi } from "./apis";
import { issueTryToken } from "./application-token";
import { createApplication } from "./applications";
import { createAuthorizationServer } from "./authorization-servers";
import { applicationBodySchema, authorizationServerBodySchema, tokenPreviewBodySchema } from "./contract/authorization";
import { deployApi, undeployApi } from "./deployments";
import { embeddedGateway } from "./runtime";
import { startConsole } from "./start-console";
import { previewTokenOf } from "./token-preview";

const GATEWAY = "https://console.example/gateway";
const UNKNOWN = "this authorization server issues no tokens for this resource";
let db: TestDatabase;
let backend: TestBackend;
let plane: LaunchedGateway;
let application: { id: string; clientId: string; clientSecret?: string | null };
let opaque: { id: string; clientId: string; clientSecret?: string | null };
const ids = new Map<string, string>();

async function deploy(contextPath: string, server: string | null): Promise<void> {
  const resources = server === null ? [] : [{ name: "own", type: "oauth2-builtin", config: { server } }];
  const flows = server === null ? [] : [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }];
  const definition = { name: contextPath, contextPath, endpoints: { production: { url: backend.url } }, resources, flows };
  const { id } = await createApi(definition, "test");
  ids.set(contextPath, id);
  await deployApi(id, "", undefined, "test");
}

beforeAll(async () => {
  db = await testDatabase();
  backend = await testBackend();
  const shared = { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64") };
  Object.assign(process.env, shared, { GATEWRIGHT_PUBLIC_URL: "https://console.example" });
  await startConsole({ development: true });
  for (const [id, tokenFormat] of [
    ["shop", "jwt"],
    ["other", "jwt"],
    ["opaque", "opaque"],
  ] as const)
    await createAuthorizationServer(authorizationServerBodySchema.parse({ id, name: id, audience: `api://${id}`, tokenFormat }), "test");
  application = await createApplication(applicationBodySchema.parse({ name: "App", authorizationServer: "shop" }), "test");
  opaque = await createApplication(applicationBodySchema.parse({ name: "App", authorizationServer: "opaque" }), "test");
  await deploy("/orders", "shop");
  await deploy("/stock", "shop");
  await deploy("/stock/v2", "shop");
  await deploy("/foreign", "other");
  await deploy("/open", null);
  await deploy("/hidden", "opaque");
  await deploy("/gone", "shop");
  plane = await launchGateway({ env: { ...shared, GATEWRIGHT_INSTANCE: "plane" } });
  await until(
    () => plane.readiness(),
    ({ status }) => status === 200,
  );
  await until(
    () => plane.get("/stock/v2/x"),
    ({ status }) => status === 401,
  );
});
afterAll(async () => {
  await plane?.stop();
  await database().$disconnect();
  await db?.drop();
  await backend?.close();
});

async function ask(resources: readonly string[], scope?: string, by = { server: "shop", client: () => application }) {
  const body = new URLSearchParams({ grant_type: "client_credentials", ...(scope === undefined ? {} : { scope }) });
  for (const resource of resources) body.append("resource", resource);
  const { clientId, clientSecret } = by.client();
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
  const url = `https://console.example/oauth2/${by.server}/v1/token`;
  const request = new Request(url, { method: "POST", headers: { authorization }, body });
  const answer = await handleAuthorizationServerRequest(by.server, "/v1/token", request);
  const json: Record<string, unknown> = await answer.json();
  return { status: answer.status, json, token: String(json.access_token) };
}

const embedded = async (path: string, token: string) => {
  const gateway = await embeddedGateway();
  const rawHeaders = ["host", "console.example", "authorization", `Bearer ${token}`];
  const answer = await gateway.handle({
    method: "GET",
    target: path,
    rawHeaders,
    peerAddress: "127.0.0.1",
    body: null,
    caller: new Caller(),
  });
  return answer.status;
};
const onPlane = async (path: string, token: string) => (await plane.get(path, { authorization: `Bearer ${token}` })).status;
const named = async (path: string) => String((await (await embeddedGateway()).protectedResource(path))?.resource);
const namedByPlane = async (path: string): Promise<string> =>
  JSON.parse((await plane.get(`/.well-known/oauth-protected-resource${path}`)).text).resource;

describe("a token for the resource that an API's metadata names (RFC 8707)", () => {
  it("is for that API alone, on the embedded gateway", async () => {
    const resource = await named("/orders");
    expect(resource).toBe(`${GATEWAY}/orders`);
    const { status, token } = await ask([resource]);
    expect(status).toBe(200);
    expect(decodeJwt(token).aud).toBe(resource);
    expect(await embedded("/orders/1", token)).toBe(200);
    expect(await embedded("/stock/1", token)).toBe(401);
    expect(await embedded("/foreign/1", token)).toBe(401);
  });

  it("is for that API alone, on a data plane with an address of its own", async () => {
    const resource = await namedByPlane("/orders");
    expect(resource).not.toContain("console.example");
    const { status, token } = await until(
      () => ask([resource]),
      (answer) => answer.status === 200,
    );
    expect(status).toBe(200);
    expect(decodeJwt(token).aud).toBe(resource);
    expect(await onPlane("/orders/1", token)).toBe(200);
    expect(await onPlane("/stock/1", token)).toBe(401);
    expect(await embedded("/orders/1", token)).toBe(401);
  });

  it("is for several of them when several are named, and for no other", async () => {
    const [orders, nested] = [await named("/orders"), await named("/stock/v2")];
    const { token } = await ask([orders, nested, orders]);
    expect(decodeJwt(token).aud).toEqual([orders, nested]);
    expect(await embedded("/orders/1", token)).toBe(200);
    expect(await embedded("/stock/v2/1", token)).toBe(200);
    expect(await embedded("/stock/1", token)).toBe(401);
    const both = await ask([orders, "api://shop"]);
    expect(decodeJwt(both.token).aud).toEqual([orders, "api://shop"]);
  });

  it("is the same when the token is opaque", async () => {
    const resource = await named("/hidden");
    const by = { server: "opaque", client: () => opaque };
    const { status, token } = await ask([resource], undefined, by);
    expect([status, await embedded("/hidden/1", token), await embedded("/orders/1", token)]).toEqual([200, 200, 401]);
    const several = await ask([resource, "api://opaque"], undefined, by);
    expect([several.status, await embedded("/hidden/1", several.token)]).toEqual([200, 200]);
  });

  it("is the server's audience, which every API of the server takes, without a resource or with a blank one", async () => {
    for (const resources of [[], [""], ["api://shop"]]) {
      const { token } = await ask(resources);
      expect(decodeJwt(token).aud).toBe("api://shop");
      expect(await embedded("/orders/1", token)).toBe(200);
      expect(await onPlane("/stock/1", token)).toBe(200);
    }
  });

  it.each([`${GATEWAY}/orders/`, "HTTPS://Console.Example:443/gateway/orders"])("has the metadata's spelling for %s", async (resource) => {
    expect(decodeJwt((await ask([resource])).token).aud).toBe(`${GATEWAY}/orders`);
  });

  it.each([
    ["an API that isn't there", `${GATEWAY}/nope`, UNKNOWN],
    ["a path of an API", `${GATEWAY}/orders/1`, UNKNOWN],
    ["an API of another authorization server", `${GATEWAY}/foreign`, UNKNOWN],
    ["an API that needs no token", `${GATEWAY}/open`, UNKNOWN],
    ["another host", "https://other.example/gateway/orders", UNKNOWN],
    ["a URL with a query", `${GATEWAY}/orders?x=1`, UNKNOWN],
    ["a URL with a user", "https://me@console.example/gateway/orders", UNKNOWN],
    ["what stands for resources inside", "urn:gatewright:resources:W10", UNKNOWN],
    ["a fragment", `${GATEWAY}/orders#x`, "resource indicator must not contain a fragment component"],
    ["a path alone", "/gateway/orders", "resource indicator must be an absolute URI"],
  ])("is refused for %s, alone and beside a good one", async (_what, resource, description) => {
    const refused = { status: 400, json: { error: "invalid_target", error_description: description } };
    expect(await ask([resource])).toMatchObject(refused);
    expect(await ask([`${GATEWAY}/orders`, resource])).toMatchObject(refused);
  });

  it("is rejected for too many resources", async () => {
    const many = Array.from({ length: 11 }, (_, index) => `${GATEWAY}/orders${index}`);
    expect(await ask(many)).toMatchObject({ status: 400, json: { error: "invalid_target" } });
  });

  it("is rejected for an undeployed API", async () => {
    const resource = await named("/gone");
    expect((await ask([resource])).status).toBe(200);
    await undeployApi(ids.get("/gone") ?? "", "test");
    expect(await ask([resource])).toMatchObject({ status: 400, json: { error: "invalid_target" } });
  });

  it("is granted by the access policies, as any other", async () => {
    expect(await ask([`${GATEWAY}/orders`], "nope")).toMatchObject({ status: 400, json: { error: "invalid_scope" } });
    await database().accessPolicy.updateMany({ where: { serverId: "opaque" }, data: { enabled: false } });
    const by = { server: "opaque", client: () => opaque };
    const denied = await until(
      () => ask([`${GATEWAY}/hidden`], undefined, by),
      ({ status }) => status === 400,
    );
    expect(denied.json.error).toBe("access_denied");
  });

  it("is what the preview shows and what one click gets", async () => {
    const order = (resource: unknown) =>
      previewTokenOf("shop", tokenPreviewBodySchema.parse({ application: application.clientId, resource }));
    const [orders, stock] = [`${GATEWAY}/orders`, `${GATEWAY}/stock`];
    expect(await order(orders)).toMatchObject({ issued: true, claims: { aud: orders } });
    expect(await order([orders, stock])).toMatchObject({ issued: true, claims: { aud: [orders, stock] } });
    for (const blank of [undefined, "", [""]]) expect(await order(blank)).toMatchObject({ claims: { aud: "api://shop" } });
    expect(await order(`${GATEWAY}/nope`)).toMatchObject({ issued: false, error: "invalid_target", description: UNKNOWN });
    const { accessToken } = await issueTryToken(application.id, [], "test", [orders, stock]);
    expect(decodeJwt(accessToken).aud).toEqual([orders, stock]);
    await expect(issueTryToken(application.id, [], "test", [`${GATEWAY}/nope`])).rejects.toMatchObject({
      status: 400,
      errors: [{ path: "resource" }],
    });
  });
});
