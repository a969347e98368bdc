import { randomBytes } from "node:crypto";
import { test as base, expect } from "@playwright/test";
import { type LaunchedGateway, launchGateway, until } from "../lib/data-plane/testing/launch";
import { type OwnRedis, ownRedis } from "../lib/platform/testing/redis-server";
import { testDatabase } from "../lib/testing/postgres";
import { type RunningGatewright, startGatewright } from "../lib/testing/start-gatewright";
import { signIn } from "./support/fixtures";
import { type SecuredBackend, startSecuredBackend } from "./support/secured-backend";
import { deploy, openTab, saveDraft } from "./support/steps";

const EMAIL = "ann@example.com";
const PASSWORD = "correct horse battery staple";
const TOKEN = "end-to-end-management-token";

interface Fleet {
  console: RunningGatewright;
  gateways: [LaunchedGateway, LaunchedGateway];
  redis: OwnRedis;
  backend: SecuredBackend;
}

/** A console and two gateways on one Postgres and one Redis, and a backend that has its own authorization server. */
const test = base.extend<{ fleet: Fleet }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the needed fixtures from this pattern, and this one needs none.
  fleet: async ({}, use) => {
    const [database, redis, backend] = await Promise.all([testDatabase(), ownRedis(), startSecuredBackend()]);
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64"),
    };
    const product = await startGatewright({
      env: { ...env, GATEWRIGHT_ADMIN_EMAIL: EMAIL, GATEWRIGHT_ADMIN_PASSWORD: PASSWORD, GATEWRIGHT_ADMIN_TOKEN: TOKEN },
    });
    const launch = (name: string) => launchGateway({ env: { ...env, GATEWRIGHT_INSTANCE: name } });
    const gateways: Fleet["gateways"] = [await launch("north"), await launch("south")];
    await use({ console: product, gateways, redis, backend });
    await Promise.all([...gateways.map((gateway) => gateway.stop()), product.stop(), backend.stop()]);
    await redis.close();
    await database.drop();
  },
});

async function manage<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as T;
}

/** A token of our default authorization server for a new application. */
async function tokenFor(url: string, environment: "production" | "sandbox"): Promise<string> {
  const { clientId, clientSecret } = await manage<{ clientId: string; clientSecret: string }>(url, "POST", "/applications", {
    name: environment,
    environment,
  });
  const response = await fetch(`${url}/oauth2/default/v1/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

test("two gateways fetch, cache, share and renew backend tokens for production and sandbox", async ({ page, fleet }) => {
  test.setTimeout(240_000);
  const { console: product, gateways, redis, backend } = fleet;
  const [north, south] = gateways;
  const call = async (gateway: LaunchedGateway, token: string) => {
    const { status, text } = await gateway.get("/secured/x", { authorization: `Bearer ${token}` });
    return { status, body: JSON.parse(text) as { path?: string; user?: string | null } };
  };

  const { id } = await manage<{ id: string }>(product.url, "POST", "/apis", {
    name: "Secured",
    version: "1",
    contextPath: "/secured",
    endpoints: { production: { url: backend.url } },
    resources: [{ name: "default-as", type: "oauth2-builtin", config: { server: "default" } }],
    flows: [{ name: "Everything needs a token", request: [{ policy: "oauth2", config: { resource: "default-as" } }] }],
  });
  await signIn(page, { url: product.url, email: EMAIL, password: PASSWORD, token: TOKEN });
  await page.goto(`${product.url}/apis/${id}`);
  await openTab(page, "Endpoints");

  const section = (name: string) => page.getByRole("group", { name });
  const secure = async (title: string, grant: "Client credentials" | "Resource owner password") => {
    const endpoint = section(title);
    await endpoint.getByRole("button", { name: /Security/ }).click();
    await page.getByRole("option", { name: /OAuth 2\.0/ }).click();
    if (grant !== "Client credentials") await endpoint.getByRole("radio", { name: new RegExp(grant) }).check({ force: true });
    await endpoint.getByRole("textbox", { name: "Token URL" }).fill(backend.tokenUrl);
    await endpoint.getByRole("textbox", { name: "Client ID" }).fill(backend.clientId);
    await endpoint.getByLabel("Client secret", { exact: true }).fill(backend.clientSecret);
  };
  const testConnection = async (environment: string) => {
    await page.getByRole("button", { name: `Test connection of the ${environment} endpoint` }).click();
    const result = section(`${environment === "production" ? "Production" : "Sandbox"} endpoint`).getByRole("region", {
      name: "Result of the connection test",
    });
    await expect(result).toContainText("200");
    await expect(result).toContainText("Bearer");
  };

  await test.step("production uses client credentials, and the connection is tested before anything is saved", async () => {
    await secure("Production endpoint", "Client credentials");
    await testConnection("production");
  });

  await test.step("sandbox uses a user's password and a parameter of its own", async () => {
    await page.getByRole("button", { name: "Add sandbox endpoint" }).click();
    const sandbox = section("Sandbox endpoint");
    await sandbox.getByRole("textbox", { name: "Backend URL" }).fill(backend.url);
    await secure("Sandbox endpoint", "Resource owner password");
    await sandbox.getByRole("textbox", { name: "Username" }).fill(backend.username);
    await sandbox.getByLabel("Password", { exact: true }).fill(backend.password);
    await sandbox.getByRole("button", { name: "Add parameter" }).click();
    await sandbox.getByRole("textbox", { name: "Name of parameter 1" }).fill("audience");
    await sandbox.getByRole("textbox", { name: "Value of audience" }).fill("orders");
    await testConnection("sandbox");
    await saveDraft(page);
    await deploy(page, 1);
    await expect(page.getByText("live on 3 of 3 gateways").first()).toBeVisible();
  });

  const before = await backend.counts();
  const [production, sandbox] = [await tokenFor(product.url, "production"), await tokenFor(product.url, "sandbox")];

  await test.step("each application reaches its endpoint with that endpoint's token, and two gateways ask for one between them", async () => {
    const answers = await Promise.all(
      gateways.flatMap((gateway) => Array.from({ length: 10 }, () => [call(gateway, production), call(gateway, sandbox)])).flat(),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await call(north, production)).body).toEqual({ path: "/x", user: null });
    expect((await call(south, sandbox)).body).toEqual({ path: "/x", user: backend.username });
    const after = await backend.counts();
    expect(after.client_credentials - before.client_credentials).toBe(1);
    expect(after.password - before.password).toBe(1);
  });

  await test.step("a token that the backend revoked is renewed once, and no caller notices", async () => {
    const { client_credentials: known } = await backend.counts();
    await backend.revoke();
    expect((await call(north, production)).status).toBe(200);
    expect((await call(south, production)).status).toBe(200);
    expect((await backend.counts()).client_credentials).toBe(known + 1);
  });

  await test.step("a Redis outage under load fails no request", async () => {
    let running = true;
    const statuses: number[] = [];
    const callers = gateways.flatMap((gateway) =>
      [production, sandbox].map(async (token) => {
        while (running) statuses.push((await call(gateway, token)).status);
      }),
    );
    const degraded = (count: number) => async () => (await north.readiness()).degraded.length >= count;
    await redis.stop();
    await until(degraded(1), (isDegraded) => isDegraded);
    await redis.start();
    await until(
      () => north.readiness(),
      (readiness) => readiness.degraded.length === 0,
    );
    running = false;
    await Promise.all(callers);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });

  await test.step("the console shows the gateways and what they keep, and never a token", async () => {
    await page.goto(`${product.url}/gateways`);
    for (const name of ["north", "south"]) await expect(page.getByRole("row").filter({ hasText: name })).toBeVisible();
    await page.goto(`${product.url}/apis/${id}/endpoints`);
    await expect(page.getByRole("button", { name: "Clear production token" })).toBeVisible();
  });
});
