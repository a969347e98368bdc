import { isIP } from "node:net";
import { parseNetwork } from "@/lib/client-address/trusted-proxies";
import type { Network } from "./addresses";

/** One entry of `GATEWRIGHT_OUTBOUND_DENY` and `…_ALLOW`: an address, a network, or a pattern of host names. */
export type OutboundEntry = { network: Network } | { hosts: string };

const HOSTS = /^[A-Za-z0-9*_-]+(?:\.[A-Za-z0-9*_-]+)*$/;
/** Digits, dots and stars alone: somebody meant addresses, and a name never looks like this. */
const LIKE_ADDRESS = /^[\d.*]+$/;

/** The entries of a comma list, without spaces. */
export const entriesOf = (list: string): string[] =>
  list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");

/** Says what is wrong with an entry, or what it means. */
export function parseEntry(text: string): OutboundEntry | string {
  const network = parseNetwork(text.replace(/^\[([^\]]*)\]$/, "$1"));
  if (network) return { network };
  if (text === "*") return { hosts: text };
  if (text.includes("/") || (LIKE_ADDRESS.test(text) && isIP(text) === 0))
    return `${text} is no network: write networks as 10.0.0.0/8 or fd00::/8, and single addresses whole`;
  if (text.includes(":")) return `${text} is no address; leave schemes and ports out`;
  if (!HOSTS.test(text)) return `${text} is no host: write a name such as idp.internal, or a pattern such as *.internal`;
  return { hosts: text.toLowerCase() };
}
