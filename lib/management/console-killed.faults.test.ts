import { afterAll, beforeAll, expect, it } from "vitest";
import { children } from "@/lib/data-plane/testing/fault-topology";
import { newSecretKey, until } from "@/lib/data-plane/testing/launch";
import { startLoad } from "@/lib/data-plane/testing/load";
import { startServices, type TestServices } from "@/scripts/lib/services.mjs";
import { type ConsoleTopology, startConsoleTopology } from "./testing/console-topology";

let services: TestServices;
let topology: ConsoleTopology;

beforeAll(async () => {
  services = await startServices();
  topology = await startConsoleTopology({
    env: { DATABASE_URL: services.postgres.url, REDIS_URL: services.redis.url, GATEWRIGHT_SECRET_KEY: newSecretKey() },
  });
});
afterAll(async () => {
  await topology?.close();
  services?.stop();
});

/** An API that says which of its deployments answers. */
const marked = (round: number) => ({
  name: "marked",
  version: "1",
  contextPath: "/marked",
  endpoints: { production: { url: `${topology.console.url}/healthz` } },
  flows: [{ response: [{ policy: "transform-headers", config: { set: [{ name: "x-round", value: String(round) }] } }] }],
});
const roundAt = (url: string) =>
  fetch(`${url}/marked`).then(
    async (response) => {
      await response.arrayBuffer();
      return Number(response.headers.get("x-round") ?? 0);
    },
    () => 0,
  );

/** Saves and deploys one round after the other, whatever is answered; remembers what was acknowledged. */
function startDeploying(id: string, from: number) {
  let running = true;
  const acknowledged = { saved: from, deployed: from };
  const deploying = (async () => {
    for (let round = from + 1; running; round++) {
      const read = await topology.manage("GET", `/apis/${id}/definition`);
      const saved = await topology.manage("PUT", `/apis/${id}/definition`, marked(round), { "if-match": String(read.etag) });
      if (saved.status !== 200) continue;
      acknowledged.saved = round;
      const deployed = await topology.manage("POST", `/apis/${id}/deployments`, { label: String(round) });
      if (deployed.status === 201) acknowledged.deployed = round;
    }
  })();
  return {
    acknowledged,
    async stop() {
      running = false;
      await deploying;
    },
  };
}

it.each<[string, (topology: ConsoleTopology) => Promise<void>]>([
  [
    "whose server process is killed, and which its start replaces",
    async ({ console: product }) => {
      const [server = 0] = children(product.pid);
      process.kill(server, "SIGKILL");
      await until(
        () => children(product.pid),
        (pids) => pids.length === 1 && pids[0] !== server,
      );
    },
  ],
  [
    "that is killed with all its processes, and started again",
    async (killed) => {
      await killed.console.kill9();
      await killed.startAgain();
    },
  ],
])("a console under load %s, costs the gateways no call and loses no acknowledged deployment", async (_how, kill) => {
  const api = await topology.manage("POST", "/apis", marked(0));
  const id = String(api.status === 201 ? api.body.id : await apiId());
  const from = await roundAt(topology.balancer.url);
  const { body } = await topology.token();
  const load = startLoad(`${topology.balancer.url}/guarded/x`, { authorization: `Bearer ${body.access_token}` }, 8);
  const deploying = startDeploying(id, from);
  await until(
    () => deploying.acknowledged.deployed,
    (deployed) => deployed >= from + 5,
    60_000,
  );
  const before = load.succeeded();
  await kill(topology);
  await until(topology.readiness, ({ status, degraded }) => status === 200 && degraded === "[]", 60_000);
  const then = deploying.acknowledged.deployed;
  await until(
    () => deploying.acknowledged.deployed,
    (deployed) => deployed >= then + 3,
    60_000,
  );
  await until(load.succeeded, (now) => now >= before + 500);
  await deploying.stop();
  expect(await load.stop()).toEqual([]);
  const { saved, deployed } = deploying.acknowledged;
  const read = await topology.manage("GET", `/apis/${id}/definition`);
  const [, stored] = /"value":"(\d+)"/.exec(JSON.stringify(read.body)) ?? [];
  expect(Number(stored)).toBeGreaterThanOrEqual(saved);
  for (const url of [...topology.gateways.map((gateway) => gateway.url), `${topology.console.url}/gateway`])
    await until(
      () => roundAt(url),
      (round) => round >= deployed,
    );
  // Nothing became more open on the way.
  for (const gateway of topology.gateways) expect((await gateway.get("/guarded/x")).status).toBe(401);
});

async function apiId(): Promise<string> {
  const { body } = await topology.manage("GET", "/apis?limit=100");
  const items = body.items as { id: string; contextPath: string }[];
  return items.find(({ contextPath }) => contextPath === "/marked")?.id ?? "";
}
