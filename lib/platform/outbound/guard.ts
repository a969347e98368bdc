import type { BlockList } from "node:net";
import { familyOf, listOf, type Network, readingsOf } from "./addresses";
import { parseEntry } from "./entries";
import { matchesPattern } from "./pattern";

/** The outbound rules of the environment: addresses, networks and host patterns. */
export interface OutboundRules {
  deny: readonly string[];
  /** If not empty, only these are allowed. */
  allow: readonly string[];
}

/** Applies the outbound rules. Each function returns null, or the reason for the log. */
export interface AddressGuard {
  /** Checks an address that a host resolved to. Call it for every address of the host. */
  addressProblem(host: string, address: string): string | null;
  /** Checks a host before its name is resolved. */
  hostProblem(host: string): string | null;
  /** Checks a host that a proxy resolves: an allowlist must contain its name. */
  unresolvedProblem(host: string): string | null;
}

/**
 * Cloud metadata addresses, which return the machine's own credentials, and link-local and reserved addresses, where no backend
 * exists. Private networks are allowed, because backends run in them.
 */
const NEVER: readonly Network[] = [
  { address: "0.0.0.0", prefix: 8, family: "ipv4" },
  { address: "169.254.0.0", prefix: 16, family: "ipv4" },
  { address: "100.100.100.200", prefix: 32, family: "ipv4" },
  { address: "168.63.129.16", prefix: 32, family: "ipv4" },
  { address: "192.0.0.192", prefix: 32, family: "ipv4" },
  { address: "224.0.0.0", prefix: 3, family: "ipv4" },
  { address: "::", prefix: 128, family: "ipv6" },
  { address: "fe80::", prefix: 10, family: "ipv6" },
  { address: "ff00::", prefix: 8, family: "ipv6" },
  { address: "fd00:ec2::254", prefix: 128, family: "ipv6" },
  { address: "fd20:ce::254", prefix: 128, family: "ipv6" },
];
const never = NEVER.map((network) => ({ ...network, list: listOf([network]) }));

/** Whether a network is within one of the blocked networks above. */
const opensNever = ({ address, prefix, family }: Network) =>
  never.some((closed) => closed.family === family && prefix >= closed.prefix && closed.list.check(address, family));

const normalized = (host: string) =>
  host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();

/** Compiles entries. Invalid ones were rejected at startup. */
function compile(entries: readonly string[]) {
  const parsed = entries.map(parseEntry).filter((entry) => typeof entry !== "string");
  const networks = parsed.flatMap((entry) => ("network" in entry ? [entry.network] : []));
  const patterns = parsed.flatMap((entry) => ("hosts" in entry ? [entry.hosts] : []));
  return { networks, list: listOf(networks), hasHost: (host: string) => patterns.some((pattern) => matchesPattern(pattern, host)) };
}

/** Creates a process's guard. The denylist takes precedence over the allowlist. */
export function addressGuard(rules: OutboundRules): AddressGuard {
  const deny = compile(rules.deny);
  const allow = compile(rules.allow);
  const isLimited = rules.allow.length > 0;
  const opened = listOf(allow.networks.filter(opensNever));
  const has = (list: BlockList, address: string) => list.check(address, familyOf(address));
  const isNever = (address: string) => never.some(({ list }) => has(list, address)) && !has(opened, address);

  const hostProblem: AddressGuard["hostProblem"] = (host) => {
    const name = normalized(host);
    const readings = readingsOf(name);
    if (readings.length > 0) return addressProblem(name, name);
    return deny.hasHost(name) ? `${name} is blocked by GATEWRIGHT_OUTBOUND_DENY` : null;
  };

  const addressProblem: AddressGuard["addressProblem"] = (host, address) => {
    const name = normalized(host);
    const readings = readingsOf(address);
    const where = name === address ? address : `${name} (${address})`;
    if (readings.length === 0) return `${name} resolves to ${address}, which isn't an address`;
    if (deny.hasHost(name) || readings.some((reading) => has(deny.list, reading))) return `${where} is blocked by GATEWRIGHT_OUTBOUND_DENY`;
    if (readings.some(isNever)) return `${where} is a metadata, link-local, or reserved address (blocked)`;
    if (!isLimited || allow.hasHost(name) || readings.some((reading) => has(allow.list, reading))) return null;
    return `${where} isn't in GATEWRIGHT_OUTBOUND_ALLOW`;
  };

  return {
    addressProblem,
    hostProblem,
    unresolvedProblem(host) {
      const name = normalized(host);
      const problem = hostProblem(name);
      if (problem !== null || !isLimited || readingsOf(name).length > 0) return problem;
      return allow.hasHost(name)
        ? null
        : `${name} isn't in GATEWRIGHT_OUTBOUND_ALLOW, which needs its name because the proxy resolves its address`;
    },
  };
}
