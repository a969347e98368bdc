import type { IncomingMessage } from "node:http";

/** The address of the other end; an IPv4 one is written as such, also where the socket speaks IPv6. */
export function peerAddressOf(incoming: IncomingMessage): string {
  const address = incoming.socket.remoteAddress ?? "unknown";
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}
