import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { OutboundProxy } from "./proxy";
import { parseProxy } from "./proxy";

/** A test proxy that resolves every host to the loopback and records requests. */
export interface TestProxy {
  url: string;
  /** `CONNECT` targets in order. */
  targets: string[];
  /** `Proxy-Authorization` of each. */
  authorizations: (string | undefined)[];
  /** Status line to return instead of connecting. */
  rejectWith: string | null;
  settings(credentials?: string): OutboundProxy;
  close(): Promise<void>;
}

const closeOf = (server: Server, sockets: Set<Socket>) => () =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Starts a proxy that supports CONNECT only. */
export async function startProxy(): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request, socket: Socket) => {
    proxy.targets.push(request.url ?? "");
    proxy.authorizations.push(request.headers["proxy-authorization"]);
    socket.on("error", () => undefined);
    if (proxy.rejectWith !== null) {
      socket.end(`HTTP/1.1 ${proxy.rejectWith}\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const far = connect(Number(request.url?.replace(/^.*:/, "")), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connected\r\n\r\n");
      socket.pipe(far).pipe(socket);
    });
    sockets.add(far);
    far.on("error", () => socket.destroy());
    socket.on("close", () => far.destroy());
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  const proxy: TestProxy = {
    url,
    targets: [],
    authorizations: [],
    rejectWith: null,
    settings(credentials) {
      const parsed = parseProxy(credentials === undefined ? url : url.replace("http://", `http://${credentials}@`));
      if (typeof parsed === "string") throw new Error(parsed);
      return parsed;
    },
    close: closeOf(server, sockets),
  };
  return proxy;
}

/** A backend with or without TLS that records request targets and returns `ok`. */
export async function startTarget(tls?: { cert: string; key: string; ca?: string; requestCert?: boolean }, listener?: RequestListener) {
  const sockets = new Set<Socket>();
  const seen: string[] = [];
  const answer: RequestListener = (request, response) => {
    seen.push(request.url ?? "");
    if (listener) listener(request, response);
    else response.end("ok");
  };
  const server = tls ? createTlsServer({ ...tls, rejectUnauthorized: tls.requestCert === true }, answer) : createServer(answer);
  server.on("connection", (socket: Socket) => sockets.add(socket));
  const port = await listening(server);
  return { server, port, seen, close: closeOf(server, sockets) };
}
