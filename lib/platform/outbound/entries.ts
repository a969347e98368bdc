import { isIP } from "node:net";
import { parseNetwork } from "@/lib/client-address/trusted-proxies";
import type { Network } from "./addresses";

/** An entry of `GATEWRIGHT_OUTBOUND_DENY` or `…_ALLOW`: an address, a network or a host pattern. */
export type OutboundEntry = { network: Network } | { hosts: string };

const HOSTS = /^[A-Za-z0-9*_-]+(?:\.[A-Za-z0-9*_-]+)*$/;
/** Digits, dots and stars only: a mistyped address, because no name looks like this. */
const LIKE_ADDRESS = /^[\d.*]+$/;

/** Splits a comma-separated list. */
export const entriesOf = (list: string): string[] =>
  list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

/** Parses an entry; returns the error as a string. */
export function parseEntry(text: string): OutboundEntry | string {
  const network = parseNetwork(text.replace(/^\[([^\]]*)\]$/, "$1"));
  if (network) return { network };
  if (text === "*") return { hosts: text };
  if (text.includes("/") || (LIKE_ADDRESS.test(text) && isIP(text) === 0))
    return `${text} isn't a network or a complete address. Examples: 10.0.0.0/8, fd00::/8, 192.0.2.7`;
  if (text.includes(":")) return `${text} isn't an address. Omit scheme and port`;
  if (!HOSTS.test(text)) return `${text} isn't a host. Use a name such as idp.internal or a pattern such as *.internal`;
  return { hosts: text.toLowerCase() };
}
