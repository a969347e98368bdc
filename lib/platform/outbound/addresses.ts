import { BlockList, isIP } from "node:net";
import { groupsOf, withoutZone } from "@/lib/client-address/ip-address";

/** A network, or an address with its full length as prefix. */
export interface Network {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
}

export const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 4 ? "ipv4" : "ipv6");

/** Builds a list for address lookups. */
export function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

/** The IPv4 addresses that an IPv6 address may be routed to: mapped, compatible, translated, NAT64, 6to4. */
function embeddedIpv4(address: string): string[] {
  const groups = groupsOf(address);
  const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join(".");
  const last = () => dotted(groups[6], groups[7]);
  if (groups[0] === 0x2002) return [dotted(groups[1], groups[2])];
  // RFC 6052, 2.2: the well-known prefix has the address at its end. The local prefix of RFC 8215 has two forms; the unused one is
  // all zeros.
  if (groups[0] === 0x64 && groups[1] === 0xff9b) {
    if (groups[2] !== 1) return [last()];
    const forms = [last(), dotted(groups[3], ((groups[4] ?? 0) << 8) | ((groups[5] ?? 0) >> 8))].filter((form) => form !== "0.0.0.0");
    return forms.length > 0 ? forms : ["0.0.0.0"];
  }
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(":");
  const isEmbedding = ["0:0:0:0:0:ffff", "0:0:0:0:0:0", "0:0:0:0:ffff:0"].includes(prefix);
  const isLoopback = groups.join() === "0,0,0,0,0,0,0,1";
  return isEmbedding && !isLoopback ? [last()] : [];
}

/** An address and the IPv4 addresses that it embeds. Empty for an invalid address. */
export function readingsOf(address: string): string[] {
  const bare = withoutZone(address);
  const version = isIP(bare);
  if (version === 0) return [];
  return version === 4 ? [bare] : [bare, ...embeddedIpv4(bare)];
}
