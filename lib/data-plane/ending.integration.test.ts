import type { ServerResponse } from "node:http";
import { Agent, request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestBackend, testBackend } from "./testing/backend";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { well } from "./testing/fault-topology";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const key = newSecretKey();
let database: TestDatabase;
let console_: TestDeployments;
let backend: TestBackend;
/** The calls that the backend has not answered. */
const waiting: ServerResponse[] = [];

beforeAll(async () => {
  backend = await testBackend((incoming, outgoing) => {
    if (incoming.url === "/slow") waiting.push(outgoing);
    else outgoing.end(incoming.url);
  });
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  await deploy("");
});
afterAll(async () => {
  await console_?.close();
  await database?.drop();
  await backend?.close();
});
afterEach(stopAllGateways);

const deploy = (path: string) => console_.deploy("api_1", { contextPath: "/one", endpoints: { production: { url: backend.url + path } } });

async function launch(args: string[] = []): Promise<LaunchedGateway> {
  const gateway = await launchGateway({ args, env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key } });
  await well(gateway);
  return gateway;
}

describe.each([
  ["one process", []],
  ["two workers", ["--workers", "2"]],
] as const)("SIGTERM to a gateway of %s", (_name, args) => {
  it("lets a call that is under way finish, takes no new one, and ends with 0", async () => {
    const gateway = await launch([...args]);
    const slow = gateway.get("/one/slow");
    await until(
      () => waiting.length,
      (count) => count > 0,
    );
    gateway.signal("SIGTERM");
    await until(
      () => gateway.readiness(),
      ({ status }) => status !== 200,
    );
    await until(
      () => gateway.get("/one/x").catch(() => null),
      (answer) => answer === null,
    );
    waiting.shift()?.end("finished");
    expect(await slow).toEqual({ status: 200, text: "finished" });
    expect(await gateway.ended).toBe(0);
    expect(await console_.query(`SELECT "id" FROM "Gateway"`)).toEqual([]);
  });
});

describe("npm run gateway", () => {
  it("passes SIGTERM on and ends with 0 once the gateway has ended", async () => {
    const gateway = await launchGateway({
      command: ["npm", "run", "gateway", "--", "--workers", "2"],
      env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key },
    });
    await until(
      () => gateway.readiness(),
      ({ status }) => status === 200,
    );
    gateway.signal("SIGTERM");
    expect(await gateway.ended).toBe(0);
    expect(gateway.output()).toContain("the gateway has ended");
  });
});

describe("a second signal", () => {
  it("ends a gateway at once", async () => {
    const gateway = await launch();
    const slow = gateway.get("/one/slow").catch(() => "cut off");
    await until(
      () => waiting.length,
      (count) => count > 0,
    );
    gateway.signal("SIGTERM");
    await until(
      () => gateway.output(),
      (said) => said.includes("Stopping."),
    );
    // Two signals within half a second count as one.
    const again = setInterval(() => gateway.signal("SIGTERM"), 100);
    expect(await gateway.ended).toBe(130);
    clearInterval(again);
    expect(await slow).toBe("cut off");
    waiting.length = 0;
  });
});

describe("redeploys under load", () => {
  it.each([
    ["one process", []],
    ["two workers", ["--workers", "2"]],
  ] as const)("fail no call of %s", async (_name, args) => {
    const gateway = await launch([...args]);
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const answers = new Map<string, number>();
    let running = true;
    const call = () =>
      new Promise<string>((resolve) => {
        const outgoing = request(`${gateway.url}/one/x`, { agent }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => resolve(`${incoming.statusCode} ${Buffer.concat(chunks)}`));
        });
        outgoing.on("error", (error) => resolve(error.message));
        outgoing.end();
      });
    const caller = async () => {
      while (running) {
        const answer = await call();
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    };
    const callers = Array.from({ length: 16 }, caller);
    const paths = Array.from({ length: 8 }, (_, round) => `/round-${round}`);
    for (const path of paths) {
      await deploy(path);
      await until(
        () => answers.get(`200 ${path}/x`) ?? 0,
        (count) => count > 0,
      );
    }
    running = false;
    await Promise.all(callers);
    agent.destroy();
    expect([...answers.keys()].filter((answer) => !/^200 (?:\/round-\d)?\/x$/.test(answer))).toEqual([]);
  });
});
