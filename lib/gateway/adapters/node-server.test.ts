import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createGateway, type Gateway } from "../gateway";
import { deployed, type TestPorts, testOptions, testPorts } from "../testing/fixtures";
import { type IntrospectionServer, startIntrospection } from "../testing/introspection-server";
import { call, listenOnFreePort, rawCall, startBackend, type TestServer } from "../testing/servers";
import { createNodeServer, type NodeServer } from "./node-server";

type Backend = Awaited<ReturnType<typeof startBackend>>;

let ports: TestPorts;
let gateway: Gateway;
let own: NodeServer;
let server: TestServer;
let backend: Backend;
let as: IntrospectionServer;

const PROTECTED = { request: [{ policy: "oauth2", config: { resource: "as" } }] };

const deploy = (url: string, flows: unknown[] = []) =>
  gateway.replace([
    deployed(
      {
        endpoints: { production: { url } },
        resources: [
          { name: "as", type: "oauth2-introspection", config: { introspectionEndpoint: `${as.origin}/introspect`, clientId: "gw" } },
        ],
        flows,
      },
      { "resources/as/clientSecret": "secret" },
    ),
  ]);

beforeAll(async () => {
  [backend, as] = await Promise.all([startBackend(), startIntrospection()]);
});
beforeEach(async () => {
  ports = testPorts();
  gateway = createGateway(ports, testOptions);
  own = createNodeServer(gateway, {
    log: (record) => ports.records.push(record),
    isProxy: (address) => address === "127.0.0.1",
  });
  server = await listenOnFreePort(own.server);
  backend.calls.length = 0;
  return async () => {
    await server.close();
    await gateway.close();
  };
});
afterAll(async () => {
  await Promise.all([backend.close(), as.close()]);
});

describe("WebSocket", () => {
  /** A backend that answers each message with what it was sent when the connection was opened. */
  async function startSocketBackend() {
    const http = createServer((_, outgoing) => outgoing.writeHead(426, { "content-type": "text/plain" }).end("Speak WebSocket"));
    const sockets = new WebSocketServer({ noServer: true });
    http.on("upgrade", (incoming, socket, head) => {
      if (incoming.url === "/refused") {
        socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\nx-from: backend\r\n\r\nno");
        return;
      }
      sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
        webSocket.on("message", (message, isBinary) => {
          const text = message.toString();
          if (text === "headers") webSocket.send(JSON.stringify(incoming.headers));
          else if (text === "close") webSocket.close(4001, "done");
          else webSocket.send(message, { binary: isBinary });
        });
      });
    });
    return listenOnFreePort(http);
  }
  let socketBackend: TestServer;
  beforeAll(async () => {
    socketBackend = await startSocketBackend();
  });
  afterAll(() => socketBackend.close());

  const open = (path: string, headers: Record<string, string> = {}) =>
    new WebSocket(`ws://127.0.0.1:${server.port}${path}`, ["chat"], { headers });
  const refusal = async (webSocket: WebSocket) => {
    webSocket.on("error", () => undefined);
    const [, response] = await once(webSocket, "unexpected-response");
    return response;
  };

  it("is passed on after the request steps, with what they set, both ways and until one side closes", async () => {
    as.answers.set("good", { active: true, client_id: "shop", scope: "a" });
    await deploy(socketBackend.origin, [PROTECTED]);
    const webSocket = open("/orders/live?x=1", { authorization: "Bearer good", "x-gatewright-subject": "forged" });
    await once(webSocket, "open");
    webSocket.send("headers");
    const [message] = await once(webSocket, "message");
    const headers = JSON.parse(String(message));
    expect(headers).toMatchObject({
      "x-gatewright-client-id": "shop",
      "x-forwarded-for": "127.0.0.1",
      host: socketBackend.origin.slice(7),
    });
    expect(headers.authorization).toBeUndefined();
    expect(headers["x-gatewright-subject"]).toBeUndefined();
    const bytes = Buffer.alloc(300_000, 7);
    webSocket.send(bytes);
    const [echoed] = await once(webSocket, "message");
    expect(bytes.equals(echoed as Buffer)).toBe(true);
    webSocket.send("close");
    const [code] = await once(webSocket, "close");
    expect(code).toBe(4001);
    expect(ports.records.map((record) => [record.status, record.clientId])).toEqual([[101, "shop"]]);
  });

  it("is refused as any other call when a step refuses it, and the backend sees nothing", async () => {
    await deploy(socketBackend.origin, [PROTECTED]);
    const response = await refusal(open("/orders/live"));
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toMatch(/^Bearer /);
  });

  it("is refused with what the backend answers instead", async () => {
    await deploy(socketBackend.origin);
    const response = await refusal(open("/orders/refused"));
    expect([response.statusCode, response.headers["x-from"]]).toEqual([403, "backend"]);
  });

  it("is given up when the caller leaves before the backend has answered", async () => {
    let left = false;
    const silent = createServer();
    silent.on("upgrade", (_, socket) => {
      const note = () => {
        left = true;
        socket.destroy();
      };
      socket.on("end", note).on("error", note).resume();
    });
    const silentBackend = await listenOnFreePort(silent);
    try {
      await deploy(silentBackend.origin);
      const webSocket = open("/orders/live");
      webSocket.on("error", () => undefined);
      await once(silent, "upgrade");
      webSocket.terminate();
      await expect.poll(() => left).toBe(true);
    } finally {
      await silentBackend.close();
    }
  });

  it("ends on the other side when one side goes away", async () => {
    await deploy(socketBackend.origin);
    const webSocket = open("/orders/live");
    await once(webSocket, "open");
    const connections = () => new Promise<number>((resolve) => socketBackend.server.getConnections((_, count) => resolve(count)));
    await expect.poll(connections).toBeGreaterThan(0);
    webSocket.terminate();
    await expect.poll(connections).toBe(0);
  });

  it("is the only other protocol: a wish for another one is not passed on", async () => {
    await deploy(backend.origin);
    const answer = await rawCall(
      server,
      "GET /orders HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(backend.calls.map(({ headers }) => [headers.upgrade, headers["http2-settings"]])).toEqual([[undefined, undefined]]);
  });

  it("is not asked for with a body, in which another request could hide", async () => {
    await deploy(backend.origin);
    const answer = await rawCall(
      server,
      "GET /orders HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\ncontent-length: 32\r\n\r\nGET /orders/hidden HTTP/1.1\r\n\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(backend.calls).toHaveLength(0);
  });
});

describe("methods", () => {
  it("that reflect or tunnel, and those that no flow can list, are refused", async () => {
    await deploy(backend.origin, [{ match: { methods: ["GET"] } }]);
    for (const method of ["TRACE", "PROPFIND", "MKCOL"]) {
      const reply = await call(server, "/orders", { method });
      expect([method, reply.status]).toEqual([method, 405]);
      expect(reply.headers.allow).toContain("GET");
    }
    expect(backend.calls).toHaveLength(0);
  });

  it("that only flows for every method could see are passed on", async () => {
    await deploy(backend.origin, [{ match: { methods: [] } }]);
    expect((await call(server, "/orders", { method: "PROPFIND" })).status).toBe(200);
  });

  it("that HTTP does not know are answered, and written down", async () => {
    const answer = await rawCall(server, "FROB /orders HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 501 /);
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
    expect(ports.records.at(-1)).toMatchObject({ status: 501, code: "METHOD_UNKNOWN" });
  });
});

describe("Host", () => {
  it("that HTTP/1.1 asks for and that is not there is refused, and written down; HTTP/1.0 asks for none", async () => {
    await deploy(backend.origin);
    const answer = await rawCall(server, "GET /orders HTTP/1.1\r\nconnection: close\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/);
    expect(ports.records.at(-1)).toMatchObject({ status: 400, code: "INVALID_REQUEST" });
    expect(await rawCall(server, "GET /orders HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("that is no host is refused, because backends make links from it", async () => {
    await deploy(backend.origin);
    for (const host of ["evil/path", "a@b", "a b", "a?b", "a#b", "\\\\a"]) {
      expect([host, await rawCall(server, `GET /orders HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)]).toEqual([
        host,
        expect.stringMatching(/^HTTP\/1\.1 400 /),
      ]);
    }
    expect(backend.calls).toHaveLength(0);
  });
});

describe("header fields", () => {
  it("that are too large are refused, and written down", async () => {
    await deploy(backend.origin);
    const reply = await call(server, "/orders", { headers: ["authorization", `Bearer ${"a".repeat(65_536)}`] });
    expect(reply.status).toBe(431);
    expect(ports.records.at(-1)).toMatchObject({ status: 431, code: "HEADERS_TOO_LARGE" });
    expect(backend.calls).toHaveLength(0);
  });
});

describe("draining", () => {
  it("lets what is under way end, closes idle connections and takes no new ones", async () => {
    let release: () => void = () => undefined;
    const slow = await startBackend((_, outgoing) => {
      release = () => outgoing.end("late");
    });
    try {
      await deploy(slow.origin);
      const pending = call(server, "/orders");
      await expect.poll(() => slow.calls.length).toBe(1);
      const drained = own.drain(20_000);
      await expect.poll(() => own.server.listening).toBe(false);
      await expect(call(server, "/orders")).rejects.toThrow(/ECONNREFUSED/);
      release();
      expect((await pending).body).toBe("late");
      await drained;
    } finally {
      await slow.close();
    }
  });

  it("answers a call that comes over an idle connection just then, and closes that connection behind it", async () => {
    await deploy(backend.origin);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        request({ port: server.port, host: "127.0.0.1", path: "/orders", agent }, resolve).on("error", reject).end();
      });
    const first = await get();
    await once(first.resume(), "end");
    const drained = own.drain(20_000);
    await expect.poll(() => own.server.listening).toBe(false);
    const second = await get();
    expect(second.statusCode).toBe(200);
    expect(second.headers.connection).toBe("close");
    await once(second.resume(), "end");
    await drained;
    agent.destroy();
  });

  it("answers every request whose connection was accepted before the port was closed", async () => {
    await deploy(backend.origin);
    const outcomes = new Map<string, number>();
    /** A request on a connection of its own: how it ended, and whether there was a connection. */
    const attempt = () =>
      new Promise<boolean>((resolve) => {
        let connected = false;
        let answer = "";
        const socket = connect(server.port, "127.0.0.1", () => {
          connected = true;
          socket.write("POST /orders HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
        });
        socket.on("data", (data) => {
          answer ||= String(data).split("\r\n", 1)[0] ?? "";
        });
        socket.on("error", () => undefined);
        socket.on("close", () => {
          if (connected) outcomes.set(answer, (outcomes.get(answer) ?? 0) + 1);
          resolve(connected);
        });
      });
    const client = async () => {
      while (await attempt());
    };
    const clients = Array.from({ length: 32 }, client);
    await expect.poll(() => outcomes.size).toBe(1);
    await own.drain(20_000);
    await Promise.all(clients);
    expect([...outcomes.keys()]).toEqual(["HTTP/1.1 200 OK"]);
  });

  // Other systems have one loopback address only.
  it.runIf(process.platform === "linux")(
    "leaves a proxy's idle connection open for one more request when it closes a client's",
    async () => {
      await deploy(backend.origin);
      const agents = ["127.0.0.1", "127.0.0.2"].map((localAddress) => new Agent({ keepAlive: true, maxSockets: 1, localAddress }));
      const get = (agent?: Agent) =>
        new Promise<IncomingMessage>((resolve, reject) => {
          request({ port: server.port, host: "127.0.0.1", path: "/orders", agent }, resolve).on("error", reject).end();
        });
      const [ofProxy, ofClient] = await Promise.all(agents.map(get));
      const closed = ofClient && once(ofClient.socket, "close");
      await Promise.all([ofProxy, ofClient].map((answer) => answer && once(answer.resume(), "end")));
      const drained = own.drain(20_000);
      await closed;
      const last = await get(agents[0]);
      // The port is closed: no other connection could have brought it.
      expect([last.statusCode, last.headers.connection]).toEqual([200, "close"]);
      await once(last.resume(), "end");
      await drained;
      for (const agent of agents) agent.destroy();
    },
  );

  it("cuts off what does not end in time, WebSockets too", async () => {
    const silent = await startBackend(() => undefined);
    try {
      await deploy(silent.origin);
      const pending = call(server, "/orders").catch(() => "cut");
      await expect.poll(() => silent.calls.length).toBe(1);
      await own.drain(50);
      expect(await pending).toBe("cut");
    } finally {
      await silent.close();
    }
  });
});

describe("a request of HTTP/1.0 with a transfer coding", () => {
  it("to what the process answers itself closes the connection, too", async () => {
    const node = createNodeServer(gateway, {
      log: (record) => ports.records.push(record),
      answerOwn(_incoming, outgoing, target) {
        if (target !== "/healthz") return false;
        outgoing.end("own");
        return true;
      },
    });
    const own = await listenOnFreePort(node.server);
    const head = "Host: h\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect(await rawCall(own, `GET /healthz HTTP/1.0\r\n${head}`)).toMatch(/own$/);
    await own.close();
  });
});
