import { BlockList, isIP } from "node:net";
import { groupsOf, withoutZone } from "@/lib/client-address/ip-address";

/** An address (with all its bits as prefix) or a network. */
export interface Network {
  address: string;
  prefix: number;
  family: "ipv4" | "ipv6";
}

export const familyOf = (address: string): "ipv4" | "ipv6" => (isIP(address) === 4 ? "ipv4" : "ipv6");

/** A network of its own list, so that it can be asked whether it holds an address. */
export function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

/** The IPv4 addresses inside an IPv6 one that a router or the system itself would take for it: mapped, compatible, translated, NAT64, 6to4. */
function embeddedIpv4(address: string): string[] {
  const groups = groupsOf(address);
  const dotted = (high = 0, low = 0) => [high >> 8, high & 255, low >> 8, low & 255].join(".");
  const last = () => dotted(groups[6], groups[7]);
  if (groups[0] === 0x2002) return [dotted(groups[1], groups[2])];
  // RFC 6052, section 2.2: the well-known prefix has the address at its end; the local one of RFC 8215 has two forms, and the
  // empty place of the one that it is not is no address.
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

/** Everything that an address may turn out to be for who routes it: itself, and the IPv4 addresses inside it. Empty when it is no address. */
export function readingsOf(address: string): string[] {
  const bare = withoutZone(address);
  const version = isIP(bare);
  if (version === 0) return [];
  return version === 4 ? [bare] : [bare, ...embeddedIpv4(bare)];
}
