import { isIP } from "node:net";
import { groupsOf, withoutZone } from "./ip-address";

/** What a provider assigns to one customer at least: every address in it is at the same person's disposal. */
const IPV6_GROUPS = 4;

/** An address as proxies write it into `X-Forwarded-For`, without the port that some add; null when it is none. */
function forwardedAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/**
 * Returns the address that a request comes from: the peer's, or behind trusted proxies the last one in `X-Forwarded-For` that
 * isn't one of them. The client wrote what precedes it. Where the client itself is in a trusted network, it is the first one.
 * @param forwardedFor the header's value; null when the request has none
 */
export function clientAddress(peer: string, forwardedFor: string | null, isTrusted: (address: string) => boolean): string {
  if (forwardedFor === null || !isTrusted(peer)) return peer;
  const named = forwardedFor.split(",").map((text) => forwardedAddress(text.trim()));
  const last = named.findLast((address) => address === null || !isTrusted(address));
  return (last === undefined ? named[0] : last) ?? peer;
}

/**
 * Returns what is counted as one client: an IPv4 address, also when it is mapped into IPv6, or the /64 network of an IPv6
 * address. Anything else is returned as it is.
 */
export function clientNetwork(address: string): string {
  const bare = withoutZone(address);
  if (isIP(bare) !== 6) return bare;
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() === "0,0,0,0,0,65535") return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return `${groups
    .slice(0, IPV6_GROUPS)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}
