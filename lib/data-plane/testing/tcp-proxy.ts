import { connect, createServer, type Socket } from "node:net";
import { freePort } from "@/lib/testing/free-port";

/** A way to a server that a test can cut, or leave open without a word coming through. */
export interface TcpProxy {
  port: number;
  /** The connections that stand now. */
  connections(): number;
  /** Ends all connections and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections and bytes, and passes nothing on. */
  hold(): void;
  /** Breaks every connection that comes from now on after this many bytes of the server, until {@link mend}. */
  limit(bytes: number): void;
  /** As at the beginning. What was held is lost with its connections. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a port of its own and passes everything on to the address of a URL. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const port = await freePort();
  const sockets = new Set<Socket>();
  let held = false;
  let bytesMax = Number.POSITIVE_INFINITY;
  const remember = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  };
  const server = createServer((near) => {
    remember(near);
    near.resume();
    if (held) return;
    const far = connect(Number(targetPort), hostname);
    remember(far);
    near.on("data", (chunk) => !held && far.write(chunk));
    let passed = 0;
    far.on("data", (chunk: Buffer) => {
      if (held) return;
      passed += chunk.length;
      if (passed > bytesMax) near.destroy();
      else near.write(chunk);
    });
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = () => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      destroyAll();
    });
  await listen();
  return {
    port,
    connections: () => sockets.size,
    cut: close,
    hold() {
      held = true;
    },
    limit(bytes) {
      bytesMax = bytes;
    },
    async mend() {
      held = false;
      bytesMax = Number.POSITIVE_INFINITY;
      destroyAll();
      if (!server.listening) await listen();
    },
    close: async () => {
      if (server.listening) await close();
    },
  };
}

/** The same URL by way of a proxy. */
export function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url);
  changed.hostname = "127.0.0.1";
  changed.port = String(proxy.port);
  return changed.href;
}
