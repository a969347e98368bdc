import { once } from "node:events";
import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ScriptedBackend, startScripted } from "@/lib/gateway/bypass-tests/scripted-backend";
import { freePort } from "@/lib/testing/free-port";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { type TestDeployments, testDeployments } from "./testing/deployments";
import { type LaunchedGateway, launchGateway, newSecretKey, stopAllGateways, until } from "./testing/launch";
import { startLoad } from "./testing/load";
import { type LoadBalancer, startLoadBalancer } from "./testing/load-balancer";

/** Two gateways behind the shipped nginx, one API whose backend does everything wrong, and one that is honest. */
const key = newSecretKey();
const honest = createServer((incoming, outgoing) => {
  incoming.resume().on("end", () => outgoing.end("honest"));
});
let broken: ScriptedBackend;
let database: TestDatabase;
let console_: TestDeployments;
let balancer: LoadBalancer;

const gateways: LaunchedGateway[] = [];

async function launch(index: number, port: number): Promise<LaunchedGateway> {
  const gateway = await launchGateway({
    port,
    env: {
      DATABASE_URL: database.url,
      GATEWRIGHT_SECRET_KEY: key,
      GATEWRIGHT_INSTANCE: `gateway-${index}`,
      GATEWRIGHT_TRUSTED_PROXIES: "127.0.0.1",
      GATEWRIGHT_GATEWAY_URL: balancer.url,
    },
  });
  await until(
    () => gateway.readiness(),
    ({ status }) => status === 200,
  );
  return gateway;
}

beforeAll(async () => {
  await new Promise<void>((resolve) => honest.listen(0, "127.0.0.1", resolve));
  broken = await startScripted();
  database = await testDatabase();
  console_ = testDeployments(database.url, key);
  const ports = [await freePort(), await freePort()] as const;
  balancer = await startLoadBalancer({ gateways: [`127.0.0.1:${ports[0]}`, `127.0.0.1:${ports[1]}`], console: `127.0.0.1:${ports[0]}` });
  const endpoint = { url: broken.origin, timeoutMs: 1000, idleTimeoutMs: 1000 };
  await console_.deploy("api_broken", { contextPath: "/broken", endpoints: { production: endpoint } });
  const { port } = honest.address() as AddressInfo;
  await console_.deploy("api_honest", { contextPath: "/honest", endpoints: { production: { url: `http://127.0.0.1:${port}` } } });
  for (const [index, own] of ports.entries()) gateways.push(await launch(index, own));
});
afterAll(async () => {
  await balancer?.stop();
  await stopAllGateways();
  await console_?.close();
  await database?.drop();
  await broken?.close();
  honest.close();
  honest.closeAllConnections();
});

interface Reply {
  status: number;
  id: string | undefined;
  location: string | undefined;
  complete: boolean;
}

const get = (path = "/broken/x") =>
  new Promise<Reply>((resolve) => {
    const outgoing = request(`${balancer.url}${path}`, { agent: false, maxHeaderSize: 1_000_000 }, (incoming) => {
      const id = incoming.headers["x-request-id"];
      const end = () =>
        resolve({
          status: incoming.statusCode ?? 0,
          id: String(id ?? ""),
          location: incoming.headers.location,
          complete: incoming.complete,
        });
      incoming.resume().on("end", end).on("error", end);
    });
    outgoing.on("error", () => resolve({ status: 0, id: undefined, location: undefined, complete: false }));
    outgoing.end();
  });

/** Bytes to the load balancer, as no client sends them, until the connection ends or a second is over. */
const sendBytes = (text: string) =>
  new Promise<void>((resolve) => {
    const { port } = new URL(balancer.url);
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text, "latin1"));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on("error", () => undefined).on("close", () => resolve());
    socket.resume();
  });

const ok = (headers: string, body = "ok") => `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (rest: string) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${rest}`;

/** What the backend sends, and the status that a client gets; null where the response had begun and is broken off. */
const BROKEN: readonly [name: string, bytes: string, statuses: readonly number[]][] = [
  [
    "a Location of 5 KB",
    `HTTP/1.1 302 Found\r\nLocation: https://idp.example/?state=${"s".repeat(5000)}\r\nContent-Length: 0\r\n\r\n`,
    [302],
  ],
  ["header fields of 60 KB", ok(`X-Large: ${"x".repeat(60_000)}\r\n`), [200]],
  ["40 cookies", ok(`Set-Cookie: ${"c".repeat(300)}=1\r\n`.repeat(40)), [200]],
  ["a header of 70 KB", ok(`X-Large: ${"x".repeat(70_000)}\r\n`), [502]],
  ["a header of 2 MB", ok(`X-Large: ${"x".repeat(2_000_000)}\r\n`), [502]],
  ["260 header fields", ok("X-Many: 1\r\n".repeat(260)), [502]],
  ["10,000 header fields", ok("X-Many: 1\r\n".repeat(10_000)), [502]],
  ["a header name of 100 KB", ok(`${"x".repeat(100_000)}: 1\r\n`), [502]],
  ["a reason of 100 KB", `HTTP/1.1 200 ${"x".repeat(100_000)}\r\nContent-Length: 2\r\n\r\nok`, [200, 502]],
  ["a bad status line", "HTTP/1.1 OK 200\r\n\r\n", [502]],
  ["no status line", "hello\r\n\r\n", [502]],
  ["HTTP/2", "HTTP/2 200 OK\r\n\r\n", [502]],
  ["the status 999", "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", [502]],
  ["101 that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", [502, 504]],
  ["a NUL in a header", ok("X-Nul: a\0b\r\n"), [502]],
  ["a control character in a header", ok("X-Bell: a\u0007b\r\n"), [200, 502]],
  ["a space in a header's name", ok("X Space: 1\r\n"), [502]],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!", [502]],
  ["a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", [200, 502]],
  ["a coding below the chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", [502]],
  ["chunks in another coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n2\r\nok\r\n0\r\n\r\n", [502]],
  ["a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", [502]],
  ["a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok", [502]],
  ["bad chunks", chunked("2\r\nok\r\nzz\r\n"), [200, 502]],
  ["a chunk of endless length", chunked(`${"f".repeat(40)}\r\nok`), [200, 502]],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Le", [502]],
  ["nothing", "", [502]],
  ["half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok", [200, 502]],
  ["half a chunk", chunked("a\r\nok"), [200, 502]],
  ["1,000 interim responses", `${"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(1000)}${ok("")}`, [200]],
  ["interim responses of 2 MB and no other", "HTTP/1.1 102 Processing\r\nX-A: 1\r\n\r\n".repeat(60_000), [502, 504]],
  ["an interim response of 100 KB", `HTTP/1.1 103 Early Hints\r\nLink: ${"x".repeat(100_000)}\r\n\r\n${ok("")}`, [200, 502]],
];

describe("behind the shipped nginx", () => {
  it("every kind of broken answer is a response with an id, and no request to another API fails", async () => {
    const load = startLoad(`${balancer.url}/honest/x`, {});
    for (const [name, bytes, statuses] of BROKEN) {
      broken.script = (socket) => socket.end(bytes, "latin1");
      for (const reply of await Promise.all([get(), get(), get(), get(), get(), get()])) {
        expect(statuses, name).toContain(reply.status);
        expect(reply.id, name).toMatch(/./);
        if (/^(?:bad chunks|a chunk|half a)/.test(name) && reply.status === 200) expect(reply.complete, name).toBe(false);
      }
    }
    broken.script = (socket) => socket.resetAndDestroy();
    expect((await get()).status).toBe(502);
    broken.script = () => undefined;
    expect((await get()).status).toBe(504);
    const before = load.succeeded();
    await until(
      async () => load.succeeded(),
      (count) => count > before + 100,
    );
    expect(await load.stop()).toEqual([]);
  });

  it("nor does one fail because of what a client sends", async () => {
    broken.script = (socket) => socket.write(ok(""));
    const load = startLoad(`${balancer.url}/honest/x`, {});
    const requests = [
      "GET /honest/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nearly",
      "GET /honest/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly data",
      "POST /honest/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      "POST /broken/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf",
      `GET /honest/x HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(32_500)}\r\nX-More: ${"x".repeat(32_500)}\r\n\r\n`,
      `POST /honest/x HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\nX-Large: ${"x".repeat(33_000)}\r\n\r\n${"x".repeat(200_000)}`,
      "TRACE /honest/x HTTP/1.1\r\nHost: a\r\n\r\n",
      "CONNECT honest:80 HTTP/1.1\r\nHost: a\r\n\r\n",
      "BREW /honest/x HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /honest/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
      `GET /honest/x HTTP/1.1\r\nHost: a\r\n${"X-Many: 1\r\n".repeat(400)}\r\n`,
    ];
    for (const text of requests) await Promise.all([sendBytes(text), sendBytes(text), sendBytes(text), sendBytes(text)]);
    const before = load.succeeded();
    await until(
      async () => load.succeeded(),
      (count) => count > before + 100,
    );
    expect(await load.stop()).toEqual([]);
  });

  it("no request fails while the gateways are restarted one after the other", async () => {
    const load = startLoad(`${balancer.url}/honest/x`, {});
    const more = async () => {
      const before = load.succeeded();
      await until(
        async () => load.succeeded(),
        (count) => count > before + 200,
      );
    };
    for (const [index, gateway] of gateways.entries()) {
      await more();
      gateway.signal("SIGTERM");
      expect(await gateway.ended).toBe(0);
      await more();
      gateways[index] = await launch(index, gateway.port);
    }
    await more();
    expect(await load.stop()).toEqual([]);
  });

  it("a header line that nginx itself refuses gets 431 with an id", async () => {
    const { port } = new URL(balancer.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET /honest/x HTTP/1.1\r\nHost: a\r\nX-Large: ${"x".repeat(40_000)}\r\n\r\n`);
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(String(answer)).toMatch(/^HTTP\/1\.1 431 [\s\S]*x-request-id: \S+[\s\S]*HEADERS_TOO_LARGE/);
  });
});
