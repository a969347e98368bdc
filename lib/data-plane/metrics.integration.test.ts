import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const key = newSecretKey();
const TOKEN = "metrics-token-of-a-test";
const ADMIN = "management-token-of-a-test";
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;

beforeAll(async () => {
  backend = await testBackend();
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  await console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: backend.url } } });
});
afterAll(async () => {
  await console_?.close();
  await database?.drop();
  await backend?.close();
});
afterEach(stopAllGateways);

async function launch(env: Record<string, string>, args: string[] = []): Promise<LaunchedGateway> {
  const gateway = await launchGateway({ args, env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key, ...env } });
  await until(
    () => gateway.readiness(),
    ({ status }) => status === 200,
  );
  return gateway;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const requests = (text: string) => {
  const counts = [...text.matchAll(/^gatewright_requests_total\{[^}]*api="api_1"[^}]*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

describe("/metrics", () => {
  it("is open to the metrics token and the management token, and to nobody else", async () => {
    const gateway = await launch({ GATEWRIGHT_METRICS_TOKEN: TOKEN, GATEWRIGHT_ADMIN_TOKEN: ADMIN });
    const statuses = await Promise.all(
      [{}, bearer("wrong"), bearer(`${TOKEN}x`), { authorization: `Basic ${TOKEN}` }, bearer(TOKEN), bearer(ADMIN)].map(
        async (headers) => (await gateway.get("/metrics", headers)).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 401, 200, 200]);
  });

  it("is closed and says how to open it when no token is set", async () => {
    const gateway = await launch({ GATEWRIGHT_METRICS_TOKEN: "" });
    const { status, text } = await gateway.get("/metrics", bearer(TOKEN));
    expect(status).toBe(401);
    expect(text).toContain("require GATEWRIGHT_METRICS_TOKEN");
  });

  it("never counts back when a worker is replaced", async () => {
    const gateway = await launch({ GATEWRIGHT_METRICS_TOKEN: TOKEN }, ["--workers", "2"]);
    for (let call = 0; call < 10; call += 1) await gateway.get("/one/x", { connection: "close" });
    const counted = () => gateway.get("/metrics", bearer(TOKEN)).then(({ text }) => requests(text));
    await until(counted, (count) => count === 10);
    const workers = () => readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, "utf8").trim().split(" ").map(Number);
    for (const pid of workers()) {
      process.kill(pid, "SIGKILL");
      await until(workers, (now) => now.length === 2 && !now.includes(pid));
      await until(
        () => gateway.readiness(),
        ({ status, degraded }) => status === 200 && degraded.length === 0,
      );
      expect(await counted()).toBe(10);
    }
  });

  it.each([
    ["one process", []],
    ["two workers", ["--workers", "2"]],
  ] as const)("counts every call of %s", async (_name, args) => {
    const gateway = await launch({ GATEWRIGHT_METRICS_TOKEN: TOKEN }, [...args]);
    for (let call = 0; call < 10; call += 1) await gateway.get("/one/x", { connection: "close" });
    const { text } = await until(
      () => gateway.get("/metrics", bearer(TOKEN)),
      (answer) => requests(answer.text) === 10,
    );
    expect(text).toMatch(/^gatewright_ready 1$/m);
    expect(text).toMatch(/^gatewright_dependency_up\{dependency="postgres"\} 1$/m);
    expect(text).toMatch(/^gatewright_deployment_number\{api="api_1"\} 1$/m);
  });
});
