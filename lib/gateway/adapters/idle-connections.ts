import type { Server, Socket } from "node:net";
import { isAnswering } from "./client-errors";
import { remoteAddressOf } from "./peer-address";

/** How often is looked which connections are idle, when they are to be closed: what was so for this long is closed. */
const LOOK_MS = 1000;
/**
 * How long a proxy's idle connection stays open when they are to be closed. A load balancer may be sending a request over it at that
 * very moment, and one that must not be repeated would be lost: it is left to the load balancer, which has closed it by then when it
 * keeps idle connections for less. In milliseconds.
 */
export const PROXY_IDLE_STAYS_MS = 10_000;

/** The connections of a server that may have to be closed while they are idle. */
export interface IdleConnections {
  /**
   * Closes connections that are idle, and those that become so, until the returned function is called: a client's after a second,
   * whose next request would find the port closed anyway, a proxy's after 10 seconds.
   */
  closeAll(): () => void;
}

/** Remembers the connections of a server. @param isOthers whether what is read from a connection is no business of HTTP any more */
export function idleConnections(
  server: Server,
  isProxy: (peerAddress: string) => boolean,
  isOthers: (socket: Socket) => boolean,
): IdleConnections {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return {
    closeAll() {
      const begunAt = performance.now();
      const read = new Map<Socket, number>();
      const look = () => {
        const isLate = performance.now() - begunAt >= PROXY_IDLE_STAYS_MS;
        for (const socket of open) {
          const isIdle = read.get(socket) === socket.bytesRead && !isAnswering(socket) && !isOthers(socket);
          read.set(socket, socket.bytesRead);
          if (isIdle && (isLate || !isProxy(remoteAddressOf(socket)))) socket.destroy();
        }
      };
      look();
      const timer = setInterval(look, LOOK_MS);
      return () => clearInterval(timer);
    },
  };
}
