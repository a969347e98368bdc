import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readExposition } from "@/lib/gateway/testing/exposition";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { send } from "./testing/load";
import { type TcpProxy, tcpProxy, through } from "./testing/tcp-proxy";

const METRICS_TOKEN = "faults-test-metrics-token";
const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
let way: TcpProxy;

beforeAll(async () => {
  backend = await testBackend();
  database = await testDatabase();
  way = await tcpProxy(database.url);
  console_ = testDeployments(database.url, key);
  await console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: backend.url } } });
});
afterAll(async () => {
  await console_?.close();
  await way?.close();
  await database?.drop();
  await backend?.close();
});
afterEach(async () => {
  await stopAllGateways();
  await way.mend();
});

const launch = (options: LaunchOptions = {}) =>
  launchGateway({
    ...options,
    env: {
      DATABASE_URL: through(database.url, way),
      GATEWRIGHT_SECRET_KEY: key,
      GATEWRIGHT_METRICS_TOKEN: METRICS_TOKEN,
      ...options.env,
    },
  });
const says = (gateway: LaunchedGateway, pattern: RegExp) =>
  until(
    () => gateway.readiness(),
    ({ degraded }) => pattern.test(degraded.join("\n")),
    40_000,
  );
const well = (gateway: LaunchedGateway) =>
  until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
    60_000,
  );
const logged = (gateway: LaunchedGateway, pattern: RegExp) => until(gateway.output, (text) => pattern.test(text), 40_000);
async function metric(gateway: LaunchedGateway, name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const { text } = await gateway.get("/metrics", { authorization: `Bearer ${METRICS_TOKEN}` });
  const of = Object.entries(labels);
  return readExposition(text).find((sample) => sample.name === name && of.every(([label, value]) => sample.labels[label] === value))?.value;
}
const problem = (gateway: LaunchedGateway, name: string) => metric(gateway, "gatewright_problem", { problem: name });

const children = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);

describe("a worker that hangs", () => {
  it("is noticed and replaced, said in readyz, metric and log, and over", async () => {
    const gateway = await launch({ args: ["--workers", "2"] });
    await well(gateway);
    const [hung = 0] = children(gateway.pid);
    process.kill(hung, "SIGSTOP");
    await logged(gateway, /a worker hangs; it is killed/);
    const now = await until(
      () => children(gateway.pid),
      (pids) => pids.length === 2 && !pids.includes(hung),
    );
    expect(now).not.toContain(hung);
    await logged(gateway, /all workers serve again/);
    await well(gateway);
    expect(await problem(gateway, "workers")).toBe(0);
    // A connection that the hung one had taken is gone; new ones are served.
    for (let call = 0; call < 20; call++) expect((await send(`${gateway.url}/one/x`)).status).toBe(200);
  });

  it("is told by its workers when it is the primary process", async () => {
    const gateway = await launch({ args: ["--workers", "2"] });
    await well(gateway);
    gateway.signal("SIGSTOP");
    await says(gateway, /primary process doesn't respond/);
    expect((await send(`${gateway.url}/one/x`)).status).toBe(200);
    gateway.signal("SIGCONT");
    await well(gateway);
    expect(children(gateway.pid)).toHaveLength(2);
  });
});

describe("a reader of the log that stalls", () => {
  it.each([["1"], ["2"]])(
    "stops no call of %s process(es); lines are dropped, counted and said",
    async (workers) => {
      const gateway = await launch({ args: ["--workers", workers] });
      await well(gateway);
      gateway.pauseOutput();
      // A line names its path, so that few calls make much to read.
      const path = `/one/${"x".repeat(7000)}`;
      const caller = async () => {
        for (let call = 0; call < 700; call++) expect((await send(gateway.url + path)).status).toBe(200);
      };
      const dropped = async () => (await metric(gateway, "gatewright_log_lines_dropped_total")) ?? 0;
      await until(
        async () => {
          await Promise.all(Array.from({ length: 8 }, caller));
          return dropped();
        },
        (count) => count > 0,
        120_000,
      );
      await says(gateway, /log reader is stalled/);
      expect(await problem(gateway, "log")).toBe(1);
      gateway.resumeOutput();
      await logged(gateway, /log lines were dropped/);
      await well(gateway);
      for (const line of gateway.output().trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
    },
    180_000,
  );

  it("does not keep a gateway from ending", async () => {
    const gateway = await launch({ args: ["--workers", "2"] });
    await well(gateway);
    gateway.pauseOutput();
    const path = `/one/${"x".repeat(7000)}`;
    for (let call = 0; call < 400; call++) await send(gateway.url + path);
    gateway.signal("SIGTERM");
    const pid = gateway.pid;
    await until(
      () => alive(pid),
      (lives) => !lives,
      20_000,
    );
    gateway.resumeOutput();
    expect(await gateway.ended).toBe(0);
  });
});

const alive = (pid: number): boolean => {
  try {
    // A zombie waits for its output to be read, and has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe("around a gateway", () => {
  it("a clock that differs from the database's is said, and when it is over", async () => {
    const name = new URL(database.url).pathname.slice(1);
    await console_.query(`CREATE SCHEMA IF NOT EXISTS shifted`);
    const shift = (seconds: number) =>
      console_.query(`CREATE OR REPLACE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
        $$ SELECT pg_catalog.clock_timestamp() + interval '${seconds} seconds' $$`);
    await shift(7);
    await console_.query(`ALTER DATABASE "${name}" SET search_path = shifted, public, pg_catalog`);
    const gateway = await launch();
    await says(gateway, /clock differs from the database's by more than 5 s/);
    await until(
      () => problem(gateway, "clock"),
      (value) => value === 1,
    );
    await logged(gateway, /"problem":"clock","msg":"This machine's clock/);
    await shift(0);
    await well(gateway);
    await logged(gateway, /"problem":"clock","msg":"problem resolved"/);
    await console_.query(`ALTER DATABASE "${name}" RESET search_path`);
  });

  it("a name that two gateways have is said by both, and when it is over", async () => {
    const [one, other] = await Promise.all([1, 2].map(() => launch({ env: { GATEWRIGHT_INSTANCE: "same" } })));
    if (!one || !other) throw new Error("There are two.");
    await Promise.all([says(one, /uses the name same/), says(other, /uses the name same/)]);
    await until(
      () => problem(one, "name"),
      (value) => value === 1,
    );
    await other.stop();
    await well(one);
    await logged(one, /"problem":"name","msg":"problem resolved"/);
  }, 120_000);

  it("a restart under the same name is none", async () => {
    const first = await launch({ env: { GATEWRIGHT_INSTANCE: "again" } });
    await well(first);
    first.signal("SIGKILL");
    await first.ended;
    const second = await launch({ env: { GATEWRIGHT_INSTANCE: "again" } });
    await well(second);
    expect(second.output()).not.toContain('"problem":"name"');
  });
});

describe("Postgres that says nothing", () => {
  it("is told by readyz, metric and log, although nothing has failed yet, and when it is over", async () => {
    const gateway = await launch();
    await well(gateway);
    way.hold();
    await says(gateway, /^Postgres is unreachable since/);
    expect(await metric(gateway, "gatewright_dependency_up", { dependency: "postgres" })).toBe(0);
    await logged(gateway, /Postgres doesn't respond/);
    await way.mend();
    await well(gateway);
    await logged(gateway, /deployments can be read again/);
  });

  it("does not cost a first load over a slow link what it has read", async () => {
    const set = Array.from({ length: 30 }, (_, header) => ({ name: `x-${header}`, value: "v".repeat(1000) }));
    const flows = [{ match: { path: "/never" }, response: [{ policy: "transform-headers", config: { set } }] }];
    for (let api = 0; api < 60; api++)
      await console_.deploy(`api_large_${api}`, {
        contextPath: `/large-${api}`,
        flows,
        endpoints: { production: { url: backend.url } },
      });
    // Each connection breaks after half of what all of it would take.
    way.limit(1_200_000);
    const gateway = await launch();
    await until(
      () => gateway.get("/large-59/x").catch(() => ({ status: 0, text: "" })),
      ({ status }) => status === 200,
      60_000,
    );
    for (let api = 0; api < 60; api++) await console_.undeploy(`api_large_${api}`);
  }, 120_000);
});
