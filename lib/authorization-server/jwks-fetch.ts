import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import type { JWK } from "jose";
import { Agent, request } from "undici";
import { z } from "zod";
import { environment } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";

const TIMEOUT_MS = 5000;
const BYTES_MAX = 64 * 1024;

/** A key set could not be had; the message is for people who read the log. */
export class JwksUnavailable extends Error {
  override name = "JwksUnavailable";
}

/**
 * Where a machine in a cloud asks who it is, and what is no address of another machine. A key set is never there, and a request
 * made there would tell the machine's own credentials. Private networks are allowed: applications live in them.
 */
const forbidden = () =>
  singleton("jwks-forbidden-addresses", () => {
    const list = new BlockList();
    list.addSubnet("0.0.0.0", 8, "ipv4");
    list.addSubnet("169.254.0.0", 16, "ipv4");
    list.addAddress("100.100.100.200", "ipv4");
    list.addAddress("168.63.129.16", "ipv4");
    list.addAddress("192.0.0.192", "ipv4");
    list.addSubnet("224.0.0.0", 3, "ipv4");
    list.addAddress("::", "ipv6");
    list.addSubnet("fe80::", 10, "ipv6");
    list.addSubnet("ff00::", 8, "ipv6");
    list.addAddress("fd00:ec2::254", "ipv6");
    list.addAddress("fd20:ce::254", "ipv6");
    return list;
  });

/** The 16 bytes of an IPv6 address as eight numbers. */
function groupsOf(address: string): number[] {
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, "")}]/`);
  const [left = "", right] = hostname.slice(1, -1).split("::");
  const numbers = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const before = numbers(left);
  const after = right === undefined ? [] : numbers(right);
  return right === undefined ? before : [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The IPv4 address inside an IPv6 one that a router or the system itself would take for it (mapped, compatible, NAT64, 6to4); null without one. */
function embeddedIpv4(address: string): string | null {
  const groups = groupsOf(address);
  const at = (index: number) =>
    `${groups
      .slice(index, index + 2)
      .flatMap((group) => [group >> 8, group & 255])
      .join(".")}`;
  if (groups[0] === 0x2002) return at(1);
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b;
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && (groups[5] === 0xffff || groups[5] === 0);
  return isNat64 || isMapped ? at(6) : null;
}

/** Whether nothing may be fetched from this address. */
export function isForbiddenAddress(address: string): boolean {
  const version = isIP(address.replace(/%.*$/, ""));
  if (version === 0) return true;
  if (version === 4) return forbidden().check(address, "ipv4");
  const loopback = groupsOf(address).join() === "0,0,0,0,0,0,0,1";
  if (loopback) return false;
  const inner = embeddedIpv4(address);
  return forbidden().check(address.replace(/%.*$/, ""), "ipv6") || (inner !== null && forbidden().check(inner, "ipv4"));
}

type Resolve = (hostname: string, options: LookupAllOptions, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** Resolves names for the connection itself, so that what is checked is what is connected to. */
const guarded =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, "", 0);
      const bad = addresses.find(({ address }) => isForbiddenAddress(address));
      const [first] = addresses;
      if (bad || !first)
        return callback(new JwksUnavailable(`${hostname} is at ${bad?.address ?? "no address"}, where nothing is fetched`), "", 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

/** Connections that reach no forbidden address, whatever names resolve to. */
export const guardedAgent = (resolve: Resolve = dnsLookup): Agent =>
  new Agent({ connect: { lookup: guarded(resolve), timeout: TIMEOUT_MS }, maxResponseSize: BYTES_MAX, connections: 4 });

const agent = () => singleton("jwks-agent", () => guardedAgent());

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * A URL that may be fetched. Plain http is for trials on one machine alone: the console itself is on loopback without TLS then.
 * @throws JwksUnavailable
 */
function allowed(uri: string): URL {
  if (!URL.canParse(uri)) throw new JwksUnavailable("the jwks_uri is no URL");
  const url = new URL(uri);
  const own = new URL(environment().publicUrl);
  const isTrial = own.protocol === "http:" && LOOPBACK.test(own.hostname);
  const isAllowed = url.protocol === "https:" || (url.protocol === "http:" && isTrial && LOOPBACK.test(url.hostname));
  if (!isAllowed) throw new JwksUnavailable("the jwks_uri is not https");
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && isForbiddenAddress(literal)) throw new JwksUnavailable(`nothing is fetched from ${literal}`);
  return url;
}

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

async function bodyOf(url: URL): Promise<string> {
  const answer = await request(url, {
    dispatcher: agent(),
    headers: { accept: "application/jwk-set+json, application/json" },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.statusCode === 200) return answer.body.text();
  await answer.body.dump().catch(() => undefined);
  throw new JwksUnavailable(`the jwks_uri answered ${answer.statusCode}`);
}

/**
 * Fetches a client's key set (RFC 7517): over https, without following redirects, within 5 seconds and 64 kB, and never from
 * addresses where a machine's own credentials are.
 * @throws JwksUnavailable with the reason
 */
export async function fetchJwks(uri: string): Promise<JWK[]> {
  const url = allowed(uri);
  try {
    return jwksSchema.parse(JSON.parse(await bodyOf(url))).keys;
  } catch (error) {
    if (error instanceof JwksUnavailable) throw error;
    const cause = error instanceof z.ZodError || error instanceof SyntaxError ? "what it answers is no key set" : String(error);
    throw new JwksUnavailable(`the jwks_uri could not be read: ${cause}`, { cause: error });
  }
}
