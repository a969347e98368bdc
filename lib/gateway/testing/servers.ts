import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** A server on a free port of the loopback. */
export interface TestServer {
  origin: string;
  port: number;
  server: Server;
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export function startServer(listener: RequestListener): Promise<TestServer> {
  return listenOnFreePort(createServer({ keepAliveTimeout: 500, maxHeaderSize: 32_768 }, listener));
}

/** Lets a server listen on a free port. */
export async function listenOnFreePort(server: Server): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a backend was sent. */
export interface SeenCall {
  method: string;
  url: string;
  rawHeaders: string[];
  headers: IncomingMessage["headers"];
  body: string;
}

/** Reads a whole message. */
export async function readAll(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

/** A backend that keeps what it was sent and answers with a listener, or with 200 and `{"ok":true}`. */
export async function startBackend(listener?: RequestListener): Promise<TestServer & { calls: SeenCall[] }> {
  const calls: SeenCall[] = [];
  const started = await startServer(async (incoming, outgoing) => {
    if (listener) {
      calls.push({
        method: incoming.method ?? "",
        url: incoming.url ?? "",
        rawHeaders: incoming.rawHeaders,
        headers: incoming.headers,
        body: "",
      });
      listener(incoming, outgoing);
      return;
    }
    const body = await readAll(incoming).catch(() => "");
    calls.push({
      method: incoming.method ?? "",
      url: incoming.url ?? "",
      rawHeaders: incoming.rawHeaders,
      headers: incoming.headers,
      body,
    });
    outgoing.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  });
  return { ...started, calls };
}

/** What a caller got. */
export interface Reply {
  status: number;
  rawHeaders: string[];
  headers: IncomingMessage["headers"];
  body: string;
}

/** Calls a server with exactly this target and these headers (names and values in turn), and a body with a length or in chunks. */
export function call(
  server: TestServer,
  target: string,
  options: { method?: string; headers?: string[]; body?: string; chunks?: readonly string[] } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = ["host", `127.0.0.1:${server.port}`, ...(options.headers ?? [])];
    if (options.body !== undefined) headers.push("content-length", String(Buffer.byteLength(options.body)));
    const outgoing = httpRequest(
      { host: "127.0.0.1", port: server.port, path: target, method: options.method ?? "GET", headers, agent: false },
      async (incoming) => {
        try {
          resolve({
            status: incoming.statusCode ?? 0,
            rawHeaders: incoming.rawHeaders,
            headers: incoming.headers,
            body: await readAll(incoming),
          });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on("error", reject);
    for (const chunk of options.chunks ?? []) outgoing.write(chunk);
    outgoing.end(options.body);
  });
}

/** Writes bytes to a server and reads until it closes the connection: for what no client would send. */
export function rawCall(server: TestServer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(text, "latin1"));
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
  });
}

/** Serves a fetch-style handler the way a framework does: with a WHATWG request that it makes itself. */
export function fetchListener(handler: (request: Request) => Promise<Response>): RequestListener {
  return async (incoming, outgoing) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      for (const item of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, item);
    }
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const init = {
      method: incoming.method ?? "GET",
      headers,
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" } : {}),
    };
    const response = await handler(new Request(`http://framework.invalid${incoming.url}`, init));
    outgoing.statusCode = response.status;
    for (const [name, value] of response.headers) {
      // Next 16 does not pass these on.
      if (name !== "content-encoding" && name !== "content-length" && name !== "transfer-encoding") outgoing.appendHeader(name, value);
    }
    if (!response.body) {
      outgoing.end();
      return;
    }
    const body = Readable.fromWeb(response.body as NodeReadableStream);
    body.on("error", () => outgoing.destroy());
    outgoing.on("close", () => body.destroy());
    body.pipe(outgoing);
  };
}
