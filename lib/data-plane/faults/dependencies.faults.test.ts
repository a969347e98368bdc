import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FaultTopology, logged, type Observed, says, signalTree, startFaultTopology, well } from "../testing/fault-topology";
import { until } from "../testing/launch";
import { redisCommand } from "../testing/redis-command";

let topology: FaultTopology;

beforeAll(async () => {
  topology = await startFaultTopology();
});
afterAll(() => topology?.close());
afterEach(async () => {
  await topology.ways.postgres.mend();
  await topology.ways.redis.mend();
});

const NOTHING_WRONG: Partial<Observed> = { failures: [], opened: [], lost: [] };
const both = <T>(what: (gateway: FaultTopology["gateways"][0]) => Promise<T>) => Promise.all(topology.gateways.map(what));
const up = (dependency: string, value: number) =>
  both((gateway) =>
    until(
      () => topology.metric(gateway, "gatewright_dependency_up", { dependency }),
      (now) => now === value,
    ),
  );

const FAULTS: [name: string, dependency: "postgres" | "redis", begin: () => unknown, end: () => unknown][] = [
  [
    "stopped",
    "postgres",
    () => signalTree(topology.services.postgres.pid(), "SIGSTOP"),
    () => signalTree(topology.services.postgres.pid(), "SIGCONT"),
  ],
  ["half-open", "postgres", () => topology.ways.postgres.hold(), () => topology.ways.postgres.mend()],
  ["cut off", "postgres", () => topology.ways.postgres.cut(), () => topology.ways.postgres.mend()],
  ["killed", "postgres", () => topology.services.postgres.kill(), () => topology.services.postgres.start()],
  [
    "stopped",
    "redis",
    () => process.kill(topology.services.redis.pid(), "SIGSTOP"),
    () => process.kill(topology.services.redis.pid(), "SIGCONT"),
  ],
  ["half-open", "redis", () => topology.ways.redis.hold(), () => topology.ways.redis.mend()],
  ["killed", "redis", () => topology.services.redis.kill(), () => topology.services.redis.start()],
];

describe.each(FAULTS)("%s %s", (_name, dependency, begin, end) => {
  it("fails no authorized call, opens nothing, and is said by readyz, metric and log until it is over", async () => {
    const name = dependency === "postgres" ? "Postgres" : "Redis";
    const before = topology.gateways.map((gateway) => gateway.output().length);
    const observed = await topology.underLoad(async (progress) => {
      await begin();
      await both((gateway) => says(gateway, new RegExp(`${name} is unreachable`)));
      await up(dependency, 0);
      await progress(300);
      await end();
      await both(well);
      await up(dependency, 1);
    });
    expect(observed).toMatchObject(NOTHING_WRONG);
    for (const [index, gateway] of topology.gateways.entries()) {
      const since = gateway.output().slice(before[index]);
      expect(since).toMatch(dependency === "postgres" ? /can't read deployments/ : /Redis is unreachable/);
      expect(since).toMatch(dependency === "postgres" ? /deployments can be read again/ : /Redis is reachable again/);
    }
  });
});

it("a Redis that is flushed again and again fails no authorized call, and opens nothing", async () => {
  const observed = await topology.underLoad(async (progress) => {
    for (let turn = 0; turn < 10; turn++) {
      expect(await redisCommand(topology.services.redis.url, "FLUSHALL")).toBe("+OK");
      await progress(100);
    }
    await both(well);
  });
  expect(observed).toMatchObject(NOTHING_WRONG);
});

it("what is deployed and revoked during an outage holds on both gateways when it is over", async () => {
  const id = crypto.randomUUID();
  const token = await topology.token({ jti: id });
  const headers = { authorization: `Bearer ${token}` };
  const observed = await topology.underLoad(async (progress) => {
    topology.ways.postgres.hold();
    await both((gateway) => says(gateway, /Postgres is unreachable/));
    await topology.console.query(
      `INSERT INTO "RevokedToken" ("serverId", "tokenId", "expiresAt") VALUES ('shop', $1, timezone('utc', now()) + interval '5 minutes')`,
      [id],
    );
    await topology.console.deploy("later", { contextPath: "/later", endpoints: { production: { url: topology.backendUrl } } });
    await progress(100);
    await topology.ways.postgres.mend();
    await both((gateway) =>
      until(
        () => gateway.get("/later/x"),
        ({ status }) => status === 200,
      ),
    );
    await both((gateway) =>
      until(
        () => gateway.get("/orders/x", headers),
        ({ status }) => status === 401,
      ),
    );
  });
  expect(observed).toMatchObject(NOTHING_WRONG);
  await both((gateway) => logged(gateway, /deployments can be read again/));
});
