import { Server as NetServer, type Server, type Socket } from "node:net";

/** For how long nothing has arrived when the port is closed, at best: more than a handshake in a data center takes. In milliseconds. */
const QUIET_MS = 5;
/** From then on it's enough that the queue was found empty. In milliseconds after the beginning. */
const PATIENCE_MS = 250;
/** When connections arrive faster than they can be accepted, the port is closed all the same. In milliseconds after the beginning. */
const GIVE_UP_MS = 1000;
/** How long one round of the event loop may take when the port is closed in it: at first, and more for each millisecond that passed. */
const ROUND_MS = 0.02;
const ROUND_GROWTH = 0.002;

/**
 * Closes the port of a server; its connections stay. What the system has accepted and the process hasn't is reset by the close,
 * with the request on it, and Node accepts one connection for each round of its event loop. New connections are therefore accepted
 * and left unread until no more of them come, which is soon: their senders wait for a response. Then the port is closed, right
 * after the queue was found empty, and they are served.
 * Resolves when the port is closed, in about a second at the latest.
 */
export function closePort(server: Server): Promise<void> {
  const listeners = server.listeners("connection");
  const held: Socket[] = [];
  const hold = (socket: Socket) => held.push(socket);
  server.removeAllListeners("connection").on("connection", hold);
  // Node reads it for each connection. Its types know it as an option only.
  Reflect.set(server, "pauseOnConnect", true);

  return new Promise((resolve) => {
    const begunAt = performance.now();
    let roundAt = begunAt;
    let arrivedAt = begunAt;
    let seen = 0;
    const close = () => {
      // The close of an HTTP server would end idle connections at once.
      NetServer.prototype.close.call(server);
      server.off("connection", hold);
      for (const socket of held) {
        for (const listener of listeners) Reflect.apply(listener, server, [socket]);
        socket.resume();
      }
      resolve();
    };
    const look = () => {
      const now = performance.now();
      const passed = now - begunAt;
      const round = now - roundAt;
      if (held.length !== seen) arrivedAt = now;
      seen = held.length;
      const isQuiet = now - arrivedAt >= Math.max(0, QUIET_MS * (1 - passed / PATIENCE_MS)) && arrivedAt !== now;
      if ((isQuiet && round <= ROUND_MS + ROUND_GROWTH * passed) || passed >= GIVE_UP_MS) {
        close();
        return;
      }
      roundAt = now;
      setImmediate(look);
    };
    setImmediate(look);
  });
}
