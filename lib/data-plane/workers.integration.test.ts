import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, type LaunchOptions, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;

/** Makes a process throw where nothing catches it, when it gets this signal. */
const THROWS_ON_SIGNAL = `--import=data:text/javascript,process.on("SIGUSR2",()=>{throw new Error("unforeseen")})`;

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

async function launched(options: LaunchOptions): Promise<LaunchedGateway> {
  const gateway = await launchGateway({ ...options, env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key, ...options.env } });
  await until(
    () => gateway.readiness(),
    ({ status, degraded }) => status === 200 && degraded.length === 0,
  );
  return gateway;
}

/** The living processes whose parent this is. */
function children(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const rows = () => console_.query(`SELECT "id", "deployments", "state" FROM "Gateway"`);

describe("several workers", () => {
  it("serve as one gateway, and one that is killed is replaced by another that has everything", async () => {
    const gateway = await launched({ args: ["--workers", "2"] });
    expect((await gateway.get("/one/x")).text).toBe("/x nobody");
    const before = children(gateway.pid);
    expect(before).toHaveLength(2);
    // The first report may leave before both workers have said what they serve.
    const running = JSON.stringify([{ apiId: "api_1", number: 1 }]);
    const [reported] = await until(rows, ([row]) => JSON.stringify(row?.deployments) === running);
    expect(reported).toMatchObject({ state: { workers: 2, ready: true } });

    process.kill(before[0] ?? 0, "SIGKILL");
    const after = await until(
      () => children(gateway.pid),
      (now) => now.length === 2 && !now.includes(before[0] ?? 0),
    );
    expect(after).toContain(before[1]);
    await until(
      () => gateway.readiness(),
      ({ degraded }) => degraded.length === 0,
    );
    const number = await console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: `${backend.url}/new` } } });
    await until(rows, ([row]) => JSON.stringify(row?.deployments) === JSON.stringify([{ apiId: "api_1", number }]));
    for (let call = 0; call < 8; call += 1) expect((await gateway.get("/one/x", { connection: "close" })).text).toBe("/new/x nobody");

    await gateway.stop();
    expect(await gateway.ended).toBe(0);
    expect(after.filter((pid) => children(process.pid).includes(pid))).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it("open the port when they have loaded the deployments", async () => {
    const gateway = await launchGateway({ args: ["--workers", "2"], env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key } });
    // A load balancer sends a request as soon as the port is open.
    const first = await until(
      () => gateway.get("/one/x", { connection: "close" }).catch(() => null),
      (response) => response !== null,
      60_000,
    );
    expect(first?.status).toBe(200);
    await gateway.stop();
  });

  it("replace the one in which something unforeseen happened before it goes", async () => {
    const gateway = await launched({ args: ["--workers", "2"], nodeArgs: [THROWS_ON_SIGNAL] });
    const before = children(gateway.pid);
    const statuses: number[] = [];
    let running = true;
    const load = (async () => {
      while (running) statuses.push((await gateway.get("/one/x", { connection: "close" })).status);
    })();
    process.kill(before[0] ?? 0, "SIGUSR2");
    await until(
      () => children(gateway.pid),
      (now) => now.length === 2 && !now.includes(before[0] ?? 0),
    );
    running = false;
    await load;
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(gateway.output()).toContain("unforeseen");
    await gateway.stop();
  });

  it("end with the process that started them, however it ends", async () => {
    const gateway = await launched({ args: ["--workers", "2"] });
    const workers = children(gateway.pid);
    gateway.signal("SIGKILL");
    await gateway.ended;
    const isAlive = (pid: number) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    await until(
      () => workers.filter(isAlive),
      (alive) => alive.length === 0,
    );
  });

  it("say in one line that the port is taken", async () => {
    const first = await launched({});
    const second = await launchGateway({
      args: ["--workers", "2"],
      port: first.port,
      env: { GATEWRIGHT_SECRET_KEY: key, GATEWRIGHT_INSTANCE: "other" },
    });
    expect(await second.ended).toBe(1);
    expect(second.output().trim()).toBe(
      `Port ${first.port} is taken. Stop what runs there or choose another with GATEWAY_PORT=${first.port + 1} npm run gateway.`,
    );
    await first.stop();
  });
});

describe("a single process", () => {
  it("goes on when something unforeseen happens in it, and says what", async () => {
    const gateway = await launched({ nodeArgs: [THROWS_ON_SIGNAL] });
    gateway.signal("SIGUSR2");
    await until(
      () => gateway.output(),
      (said) => said.includes("unforeseen"),
    );
    expect((await gateway.get("/one/x")).status).toBe(200);
    await gateway.stop();
    expect(await gateway.ended).toBe(0);
  });
});
