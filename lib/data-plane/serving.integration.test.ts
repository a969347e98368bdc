import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, until } from "./testing/launch";

const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
let gateway: LaunchedGateway;
let issue: (claims: Record<string, unknown>) => Promise<string>;

const to = (path: string, contextPath: string, more: Record<string, unknown> = {}) => ({
  contextPath,
  endpoints: { production: { url: backend.url + path } },
  ...more,
});

beforeAll(async () => {
  backend = await testBackend();
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  await console_.deploy("api_first", to("/one", "/first"));
  gateway = await launchGateway({ env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key } });
  await until(
    () => gateway.readiness(),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  await gateway?.stop();
  await console_?.close();
  await database?.drop();
  await backend?.close();
});

const answerOf = (path: string, text: string) =>
  until(
    () => gateway.get(path),
    (answer) => answer.text === text,
  );

describe("a data plane serves what is deployed", () => {
  it("without a console, from the first look at Postgres", async () => {
    expect(await gateway.get("/first/x")).toEqual({ status: 200, text: "/one/x nobody" });
    expect(await gateway.readiness()).toEqual({ status: 200, degraded: [] });
  });

  it("and takes over a new deployment, a redeploy and an undeploy by polling", async () => {
    await console_.deploy("api_second", to("/a", "/second"));
    await answerOf("/second", "/a nobody");
    await console_.deploy("api_second", to("/b", "/second"));
    await answerOf("/second", "/b nobody");
    await console_.undeploy("api_second");
    await until(
      () => gateway.get("/second"),
      ({ status }) => status === 404,
    );
  });

  it("checks the tokens of our own authorization servers, whose issuer comes from the database", async () => {
    issue = await console_.addServer("shop", "https://console.example/oauth2/shop", "api://shop");
    const flows = [{ match: { path: "/" }, request: [{ policy: "oauth2", config: { resource: "own" } }] }];
    const resources = [{ name: "own", type: "oauth2-builtin", config: { server: "shop" } }];
    await console_.deploy("api_guarded", to("/guarded", "/guarded", { flows, resources }));
    const token = await issue({});
    await until(
      () => gateway.get("/guarded"),
      ({ status }) => status === 401,
    );
    expect(await gateway.get("/guarded", { authorization: `Bearer ${token}` })).toEqual({ status: 200, text: "/guarded app" });
    expect((await gateway.get("/guarded", { authorization: `Bearer ${token}x` })).status).toBe(401);
    const metadata = await gateway.get("/.well-known/oauth-protected-resource/guarded");
    expect(JSON.parse(metadata.text)).toEqual({
      resource: `http://localhost:${gateway.port}/guarded`,
      authorization_servers: ["https://console.example/oauth2/shop"],
      bearer_methods_supported: ["header"],
      dpop_signing_alg_values_supported: ["ES256", "ES384", "ES512", "Ed25519", "EdDSA", "PS256", "RS256"],
    });
  });

  it("follows a server that is switched off", async () => {
    const headers = { authorization: `Bearer ${await issue({})}` };
    expect((await gateway.get("/guarded", headers)).status).toBe(200);
    await console_.query(`UPDATE "AuthorizationServer" SET "enabled" = false WHERE "id" = 'shop'`);
    await until(
      () => gateway.get("/guarded", headers),
      ({ status }) => status === 401,
    );
  });
});
