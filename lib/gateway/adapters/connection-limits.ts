import type { Server, Socket } from "node:net";
import { clientNetwork } from "@/lib/client-address/client-address";
import { remoteAddressOf } from "./peer-address";

/** How many connections a server has at most. */
export interface ConnectionLimits {
  total: number;
  /** Of one address, or /64 network of IPv6 addresses. Proxies are excepted. */
  perAddress: number;
  /** How long a connection may be silent before its first byte, in milliseconds. Proxies are excepted: they open some in advance. */
  silentMs: number;
}

/** One address needs no more, however many descriptors there are. */
const PER_ADDRESS_MAX = 10_000;
const SILENT_MS = 5000;
/** A connection that has just been opened may have bytes on their way. */
const JUST_OPENED_MS = 1000;
const LOOK_MS = 1000;

/**
 * Derives the limits from the number of descriptors of the process: half of them for clients, the rest for backends, authorization
 * servers, and files; of the clients' share, half for one address.
 */
export function connectionLimits(descriptors: number): ConnectionLimits {
  const total = Math.max(1, Math.floor(descriptors / 2));
  return { total, perAddress: Math.min(PER_ADDRESS_MAX, Math.max(1, Math.floor(total / 2))), silentMs: SILENT_MS };
}

/**
 * Limits the connections of a server. It closes those beyond the limit of their address. When all are in use, it closes the oldest
 * one on which nothing was ever sent, or else the new one.
 * @param onRejected told for each that it closes because of a limit
 */
export function limitConnections(
  server: Server,
  limits: ConnectionLimits,
  isProxy: (peerAddress: string) => boolean,
  onRejected: (peerAddress: string) => void,
): void {
  const counts = new Map<string, number>();
  /** By age; a connection stays here until it's seen that something was sent. */
  const silent = new Map<Socket, number>();
  let open = 0;
  let isLooking = false;

  const reject = (socket: Socket, address: string) => {
    socket.destroy();
    onRejected(address);
  };

  /** Closes the oldest connection on which nothing was sent. Returns whether there is one. */
  const closeSilent = (): boolean => {
    const opened = performance.now() - JUST_OPENED_MS;
    for (const [socket, since] of silent) {
      if (since > opened) return false;
      silent.delete(socket);
      if (socket.bytesRead > 0 || socket.destroyed) continue;
      reject(socket, remoteAddressOf(socket));
      return true;
    }
    return false;
  };

  const look = () => {
    isLooking = false;
    const late = performance.now() - limits.silentMs;
    for (const [socket, since] of silent) {
      if (since > late) break;
      silent.delete(socket);
      if (socket.bytesRead === 0 && !isProxy(remoteAddressOf(socket))) socket.destroy();
    }
    if (silent.size > 0) lookLater();
  };
  const lookLater = () => {
    if (isLooking) return;
    isLooking = true;
    setTimeout(look, LOOK_MS).unref();
  };

  server.on("connection", (socket: Socket) => {
    const address = remoteAddressOf(socket);
    const isFromProxy = isProxy(address);
    const name = isFromProxy ? null : clientNetwork(address);
    const count = name === null ? 0 : (counts.get(name) ?? 0);
    if (count >= limits.perAddress || (open >= limits.total && !closeSilent())) {
      reject(socket, address);
      return;
    }
    open += 1;
    if (name !== null) counts.set(name, count + 1);
    silent.set(socket, performance.now());
    lookLater();
    socket.once("close", () => {
      open -= 1;
      silent.delete(socket);
      if (name === null) return;
      const left = (counts.get(name) ?? 1) - 1;
      if (left > 0) counts.set(name, left);
      else counts.delete(name);
    });
  });
}
