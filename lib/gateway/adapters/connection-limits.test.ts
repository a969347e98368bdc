import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createGateway } from "../gateway";
import { deployed, testOptions, testPorts } from "../testing/fixtures";
import { listenOnFreePort, startBackend } from "../testing/servers";
import { connectionLimits } from "./connection-limits";
import { descriptorLimit } from "./descriptor-limit";
import { createNodeServer, type NodeServerOptions } from "./node-server";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(limits: NodeServerOptions["connectionLimits"], isProxy: (address: string) => boolean = () => false) {
  const backend = await startBackend();
  closers.push(() => backend.close());
  const ports = testPorts();
  const gateway = createGateway(ports, testOptions);
  const rejected: string[] = [];
  const node = createNodeServer(gateway, {
    log: (record) => ports.records.push(record),
    isProxy,
    connectionLimits: limits,
    onConnectionRejected: (address) => rejected.push(address),
  });
  const server = await listenOnFreePort(node.server);
  closers.push(() => server.close());
  await gateway.replace([deployed({ endpoints: { production: { url: backend.origin } } })]);
  const open = async (from: string) => {
    const socket = connect({ port: server.port, host: "127.0.0.1", localAddress: from });
    socket.on("error", () => undefined);
    closers.push(() => socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  /** The status line of the response, or "" if the connection is closed without one. */
  const ask = async (socket: Socket) => {
    socket.write("GET /orders/x HTTP/1.1\r\nHost: h\r\n\r\n");
    const [data] = await Promise.race([once(socket, "data"), once(socket, "close").then(() => [""])]);
    return String(data).split("\r\n", 1)[0];
  };
  return { open, ask, rejected, records: ports.records };
}

const OK = "HTTP/1.1 200 OK";
const limits = { total: 100, perAddress: 3, silentMs: 60_000 };

describe("the connections of a data plane", () => {
  it("are limited for each address, and free again when they are closed", async () => {
    const { open, ask, rejected } = await world(limits);
    const sockets = [await open("127.0.0.1"), await open("127.0.0.1"), await open("127.0.0.1")];
    for (const socket of sockets) expect(await ask(socket)).toBe(OK);
    expect(await ask(await open("127.0.0.1"))).toBe("");
    expect(rejected).toEqual(["127.0.0.1"]);
    expect(await ask(await open("127.0.0.2"))).toBe(OK);
    sockets[0]?.destroy();
    await expect.poll(async () => ask(await open("127.0.0.1"))).toBe(OK);
  });

  it("aren't limited for each proxy", async () => {
    const { open, ask, rejected } = await world(limits, (address) => address === "127.0.0.1");
    for (let count = 0; count < 10; count += 1) expect(await ask(await open("127.0.0.1"))).toBe(OK);
    expect(rejected).toEqual([]);
  });

  it("are limited in total: a silent one makes room, one that was used doesn't", async () => {
    const { open, ask, rejected } = await world({ total: 4, perAddress: 4, silentMs: 60_000 });
    const used = [await open("127.0.0.1"), await open("127.0.0.2")];
    for (const socket of used) expect(await ask(socket)).toBe(OK);
    const silent = [await open("127.0.0.3"), await open("127.0.0.3")];
    const closed = once(silent[0] as Socket, "close");
    silent[0]?.resume();
    // Those that were just opened may be about to send something.
    await expect.poll(async () => ask(await open("127.0.0.4")), { timeout: 5000 }).toBe(OK);
    await closed;
    expect(rejected).toContain("127.0.0.3");
    for (const socket of used) expect(await ask(socket)).toBe(OK);
  });

  it("are closed when nothing is sent on them, unless they are a proxy's", async () => {
    const { open, ask, records } = await world({ ...limits, silentMs: 100 }, (address) => address === "127.0.0.9");
    const silent = await open("127.0.0.1");
    const used = await open("127.0.0.1");
    const proxy = await open("127.0.0.9");
    expect(await ask(used)).toBe(OK);
    silent.resume();
    await once(silent, "close");
    expect(await ask(used)).toBe(OK);
    expect(await ask(proxy)).toBe(OK);
    expect(records.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

describe("their limits", () => {
  it("leave half of the descriptors to backends, and half of the clients' share to other addresses", () => {
    expect(connectionLimits(2048)).toEqual({ total: 1024, perAddress: 512, silentMs: 5000 });
    expect(connectionLimits(1_048_576)).toEqual({ total: 524_288, perAddress: 10_000, silentMs: 5000 });
    expect(connectionLimits(1)).toMatchObject({ total: 1, perAddress: 1 });
  });

  it("come from the process", () => {
    expect(descriptorLimit()).toBeGreaterThan(255);
  });
});
