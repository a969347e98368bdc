import { type AddressInfo, createServer, type Socket } from "node:net";

/** A backend that says what a test tells it to, whether that is HTTP or not. */
export interface ScriptedBackend {
  origin: string;
  /** Called when the head of a request has arrived, with the socket to answer on. */
  script: (socket: Socket, request: string) => void;
  /** Called with every connection before anything was read; null for nothing. */
  onConnection: ((socket: Socket) => void) | null;
  /** Connections that are open now. */
  open(): number;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts it. Until a test says otherwise it answers with 200 and nothing in it. */
export async function startScripted(): Promise<ScriptedBackend> {
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    let text = "";
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    });
    socket.on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      if (end === -1) return;
      const request = text.slice(0, end + 4);
      text = "";
      backend.script(socket, request);
    });
    backend.onConnection?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const backend: ScriptedBackend = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script: (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    onConnection: null,
    open: () => sockets.size,
    idle: () => (sockets.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return backend;
}

/** Writes the same again as fast as it is read, until the connection ends. Counts the bytes. */
export function flood(socket: Socket, text: string, limit = Number.POSITIVE_INFINITY): { bytes: number } {
  const piece = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)), "latin1");
  const written = { bytes: 0 };
  const more = () => {
    while (!socket.destroyed && written.bytes < limit) {
      written.bytes += piece.length;
      if (!socket.write(piece)) return;
    }
    if (written.bytes >= limit) socket.end();
  };
  socket.on("drain", more);
  more();
  return written;
}
