import { isIP } from "node:net";
import { groupsOf, withoutZone } from "./ip-address";

/** Groups of a /64, the smallest network that a provider assigns to one customer. */
const IPV6_GROUPS = 4;

/** Parses an address of `X-Forwarded-For`, without the port that some proxies add; null when it's invalid. */
function forwardedAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/**
 * Returns the client's address: the peer's, or behind trusted proxies the last untrusted address in `X-Forwarded-For`, because
 * clients can forge earlier ones. If all are trusted, it's the first.
 * @param forwardedFor the header's value; null when the request has none
 */
export function clientAddress(peer: string, forwardedFor: string | null, isTrusted: (address: string) => boolean): string {
  if (forwardedFor === null || !isTrusted(peer)) return peer;
  const named = forwardedFor.split(",").map((text) => forwardedAddress(text.trim()));
  const last = named.findLast((address) => address === null || !isTrusted(address));
  return (last === undefined ? named[0] : last) ?? peer;
}

/**
 * Returns the key that identifies a client: the IPv4 address (also if IPv4-mapped) or the IPv6 /64 network. Anything else is
 * returned unchanged.
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
