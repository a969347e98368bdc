import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@/lib/testing/free-port";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { well } from "./testing/fault-topology";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { startLoad } from "./testing/load";
import { type LoadBalancer, startLoadBalancer } from "./testing/load-balancer";

/** How often a gateway is restarted: more often for a measurement. */
const RESTARTS = Number(process.env.TEST_RESTARTS || 4);
const CLIENTS = 24;
/** Two gateways behind the shipped nginx, under GET and POST, without anything else that could fail a request. */
const key = newSecretKey();
const backend = createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => outgoing.end("ok"));
});
let database: TestDatabase;
let console_: TestDeployments;
let balancer: LoadBalancer;
const ports: number[] = [];

async function launch(index: number, args: readonly string[]): Promise<LaunchedGateway> {
  const gateway = await launchGateway({
    port: ports[index] ?? 0,
    args: [...args],
    env: {
      DATABASE_URL: database.url,
      GATEWRIGHT_SECRET_KEY: key,
      GATEWRIGHT_INSTANCE: `gateway-${index}`,
      GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.1",
    },
  });
  await well(gateway);
  return gateway;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  const { port } = backend.address() as AddressInfo;
  await console_.deploy("api_1", { contextPath: "/orders", endpoints: { production: { url: `http://127.0.0.1:${port}` } } });
  ports.push(await freePort(), await freePort());
  balancer = await startLoadBalancer({ gateways: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`], console: `127.0.0.1:${ports[0]}` });
});
afterAll(async () => {
  await balancer?.stop();
  await stopAllGateways();
  await console_?.close();
  await database?.drop();
  backend.close();
  backend.closeAllConnections();
});

describe.each([
  ["one process each", []],
  ["two workers each", ["--workers", "2"]],
] as const)("two gateways of %s behind the shipped nginx", (_name, args) => {
  it(
    `lose no request in ${RESTARTS} restarts`,
    async () => {
      const gateways = [await launch(0, args), await launch(1, args)];
      const load = startLoad(`${balancer.url}/orders/x`, {}, CLIENTS);
      const more = async () => {
        const before = load.succeeded();
        await until(load.succeeded, (count) => count > before + 200);
      };
      for (let restart = 0; restart < RESTARTS; restart++) {
        const index = restart % 2;
        await more();
        gateways[index]?.signal("SIGTERM");
        expect(await gateways[index]?.ended).toBe(0);
        await more();
        gateways[index] = await launch(index, args);
      }
      await more();
      const failures = await load.stop();
      await stopAllGateways();
      process.stdout.write(`${RESTARTS} restarts, ${load.succeeded()} requests succeeded, ${failures.length} failed\n`);
      expect(failures, balancer.errors()).toEqual([]);
    },
    120_000 + RESTARTS * 60_000,
  );
});
