import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** The address of the other end; an IPv4 one is written as such, also where the socket speaks IPv6. */
export const peerAddressOf = ({ socket }: IncomingMessage): string => remoteAddressOf(socket);

/** As {@link peerAddressOf}, for a connection. */
export function remoteAddressOf({ remoteAddress: address = "unknown" }: Socket): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice("::ffff:".length) : address;
}
