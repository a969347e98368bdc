import type { BlockList } from "node:net";
import { familyOf, listOf, type Network, readingsOf } from "./addresses";
import { parseEntry } from "./entries";
import { matchesPattern } from "./pattern";

/** The rules for where this process may call, as the environment has them: addresses, networks and patterns of host names. */
export interface OutboundRules {
  deny: readonly string[];
  /** With any, only these may be called. */
  allow: readonly string[];
}

/** Says where this process may call. The answers are null, or why not, in words for the log. */
export interface AddressGuard {
  /** Whether this address may be called, as which the host of a URL was found: every one that a name has is asked about. */
  addressProblem(host: string, address: string): string | null;
  /** What can be said of a host before anybody has looked up where it is. */
  hostProblem(host: string): string | null;
  /** What can be said of a host that somebody else looks up, a proxy: it is callable only if the rules say so of its name. */
  unresolvedProblem(host: string): string | null;
}

/**
 * Where a machine in a cloud asks who it is, and what is no address of another machine. No backend is ever there, and a call
 * there would hand out the machine's own credentials. Private networks are allowed: backends live in them.
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

/** Whether a network names an address of the list above, or some of one of its networks, and nothing else. */
const opensNever = ({ address, prefix, family }: Network) =>
  never.some((closed) => closed.family === family && prefix >= closed.prefix && closed.list.check(address, family));

const normalized = (host: string) =>
  host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();

/** Entries, ready to be asked. What is none was refused at start. */
function compile(entries: readonly string[]) {
  const parsed = entries.map(parseEntry).filter((entry) => typeof entry !== "string");
  const networks = parsed.flatMap((entry) => ("network" in entry ? [entry.network] : []));
  const patterns = parsed.flatMap((entry) => ("hosts" in entry ? [entry.hosts] : []));
  return { networks, list: listOf(networks), hasHost: (host: string) => patterns.some((pattern) => matchesPattern(pattern, host)) };
}

/** Makes the guard of a process. What the deny list names is never called, whatever the allow list says. */
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
    return deny.hasHost(name) ? `${name} is on GATEWRIGHT_OUTBOUND_DENY` : null;
  };

  const addressProblem: AddressGuard["addressProblem"] = (host, address) => {
    const name = normalized(host);
    const readings = readingsOf(address);
    const where = name === address ? address : `${name} (${address})`;
    if (readings.length === 0) return `${name} is at ${address}, which is no address`;
    if (deny.hasHost(name) || readings.some((reading) => has(deny.list, reading))) return `${where} is on GATEWRIGHT_OUTBOUND_DENY`;
    if (readings.some(isNever)) return `${where} is an address of cloud metadata, or link-local, or of no machine: nothing is called there`;
    if (!isLimited || allow.hasHost(name) || readings.some((reading) => has(allow.list, reading))) return null;
    return `${where} is not on GATEWRIGHT_OUTBOUND_ALLOW`;
  };

  return {
    addressProblem,
    hostProblem,
    unresolvedProblem(host) {
      const name = normalized(host);
      const problem = hostProblem(name);
      if (problem !== null || !isLimited || readingsOf(name).length > 0) return problem;
      return allow.hasHost(name) ? null : `${name} is not on GATEWRIGHT_OUTBOUND_ALLOW, and the proxy alone knows its address`;
    },
  };
}
