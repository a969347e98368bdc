import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";

const DESCRIPTORS = 600;
const key = newSecretKey();
const backend = createServer((incoming, outgoing) => void incoming.resume().on("end", () => outgoing.end("ok")));
let database: TestDatabase;
let console_: TestDeployments;
let gateway: LaunchedGateway;
const sockets: Socket[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  const { port } = backend.address() as AddressInfo;
  await console_.deploy("api_open", { contextPath: "/open", endpoints: { production: { url: `http://127.0.0.1:${port}` } } });
  gateway = await launchGateway({
    command: ["sh", "-c", `ulimit -n ${DESCRIPTORS} && exec "$0" dist/gateway.js`, process.execPath],
    env: { DATABASE_URL: database.url, GATEWRIGHT_SECRET_KEY: key },
  });
  await until(
    () => gateway.readiness(),
    ({ status }) => status === 200,
  );
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await stopAllGateways();
  await console_?.close();
  await database?.drop();
  backend.closeAllConnections();
  backend.close();
});

/** The status of a request over a new connection; null if the connection is closed without a response. */
const get = (from: string) =>
  new Promise<number | null>((resolve) => {
    const options = { port: gateway.port, host: "127.0.0.1", localAddress: from, path: "/open/x", agent: false };
    request(options, (incoming) => void incoming.resume().on("end", () => resolve(incoming.statusCode ?? null)))
      .on("error", () => resolve(null))
      .end();
  });

async function open(from: string, text = ""): Promise<void> {
  const socket = connect({ port: gateway.port, host: "127.0.0.1", localAddress: from });
  sockets.push(socket);
  socket.on("error", () => undefined).resume();
  await Promise.race([once(socket, "connect"), once(socket, "close")]);
  if (text !== "") socket.write(text);
}

test("more connections of one address than there are descriptors leave some for backends and for others", async () => {
  expect(await get("127.0.0.2")).toBe(200);
  for (let count = 0; count < DESCRIPTORS * 2; count += 1) await open("127.0.0.1", count % 2 === 0 ? "GET /open/x HTTP/1.1\r\n" : "");
  for (let count = 0; count < 5; count += 1) expect(await get("127.0.0.2")).toBe(200);
  expect(await get("127.0.0.1")).toBeNull();
  expect(gateway.output()).toContain("too many client connections");
  expect(gateway.output()).not.toContain("EMFILE");
});

test("nor do silent connections of many addresses", async () => {
  for (let count = 0; count < DESCRIPTORS; count += 1) await open(`127.0.1.${1 + (count % 20)}`);
  // Those that were just opened stay for a second.
  await expect.poll(() => get("127.0.0.3"), { timeout: 10_000 }).toBe(200);
  expect(await get("127.0.0.3")).toBe(200);
  expect(gateway.output()).not.toContain("EMFILE");
});
