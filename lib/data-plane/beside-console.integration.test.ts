import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningGatewright, startGatewright } from "@/lib/testing/start-gatewright";
import { type LaunchedGateway, launchGateway, stopAllGateways, until } from "./testing/launch";

const TOKEN = "management-token-of-a-test";
let product: RunningGatewright;

beforeAll(async () => {
  product = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN } });
});
afterEach(stopAllGateways);
afterAll(() => product?.stop());

async function manage(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as Record<string, unknown>;
}

/** With nothing but the data directory in common. */
const launch = async (): Promise<LaunchedGateway> => {
  const gateway = await launchGateway({ dataDir: product.dataDir });
  await until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
  );
  return gateway;
};

describe("a data plane on the data directory of a running npm start", () => {
  it("finds its embedded Postgres and its secret key, serves what is deployed there, and is listed", async () => {
    const gateway = await launch();
    const path = "/beside";
    const { id } = await manage("POST", "/apis", {
      name: "Beside",
      version: "1",
      contextPath: path,
      endpoints: { production: { url: `${product.url}/samples/echo` } },
    });
    await manage("POST", `/apis/${id}/deployments`, { label: "" });
    const answer = await until(
      () => gateway.get(`${path}/x`),
      ({ status }) => status === 200,
    );
    expect(JSON.parse(answer.text)).toMatchObject({ path: "/x" });
    await until(
      () => manage("GET", "/gateways"),
      ({ items }) => JSON.stringify(items).includes(`"kind":"data-plane"`) && JSON.stringify(items).split(`"apiId":"${id}"`).length === 3,
    );
  });

  it("goes on when that start ends, and with the next one on the same directory", async () => {
    const gateway = await launch();
    const { dataDir, port } = product;
    await product.kill9();
    await until(
      () => gateway.readiness(),
      ({ status, degraded }) => status === 200 && degraded.length > 0,
    );
    product = await startGatewright({ env: { GATEWRIGHT_ADMIN_TOKEN: TOKEN }, dataDir, port });
    await until(
      () => gateway.readiness(),
      ({ status, degraded }) => status === 200 && degraded.length === 0,
    );
    expect((await gateway.get("/beside/x")).status).toBe(200);
  });
});
