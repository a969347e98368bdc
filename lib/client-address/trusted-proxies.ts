import { BlockList, isIP } from "node:net";

/** Maximum cached results: there are few proxies, but anyone may connect. */
const KNOWN_MAX = 1000;

/** Parses an address or a network; null when it's invalid. */
export function parseNetwork(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } | null {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return null;
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : bits + 1;
  return prefix > bits ? null : { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Creates a cached check whether a peer is in these addresses and networks. */
export function trustedProxies(networks: readonly string[]): (peerAddress: string) => boolean {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks) {
    const parsed = parseNetwork(network);
    if (parsed) list.addSubnet(parsed.address, parsed.prefix, parsed.family);
  }
  const known = new Map<string, boolean>();
  return (peerAddress) => {
    let trusted = known.get(peerAddress);
    if (trusted === undefined) {
      const version = isIP(peerAddress);
      trusted = version !== 0 && list.check(peerAddress, version === 4 ? "ipv4" : "ipv6");
      if (known.size >= KNOWN_MAX) known.clear();
      known.set(peerAddress, trusted);
    }
    return trusted;
  };
}
