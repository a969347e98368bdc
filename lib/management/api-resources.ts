import type { ApiResource } from "@/lib/authorization-server/api-resources";
import type { Gateway } from "@/lib/gateway/gateway";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";
import { embeddedGateway } from "./runtime";

/** How long the addresses of other gateways are known, in milliseconds: anyone with credentials may name any resource. */
const KNOWN_MS = 2000;

const others = () => singleton("gateway-addresses", () => ({ readAt: Number.NEGATIVE_INFINITY, answer: Promise.resolve<string[]>([]) }));

/** Reads where other gateways of the last hour say that clients reach them. */
async function readAddresses(): Promise<string[]> {
  const rows = await database().$queryRaw<{ address: string }[]>`
    SELECT DISTINCT "address" FROM "Gateway" WHERE "seenAt" > timezone('utc', now()) - interval '1 hour' ORDER BY "address"`;
  return rows.map(({ address }) => address);
}

function otherAddresses(): Promise<string[]> {
  const known = others();
  if (performance.now() - known.readAt < KNOWN_MS) return known.answer;
  known.readAt = performance.now();
  known.answer = readAddresses();
  known.answer.catch(() => {
    known.readAt = Number.NEGATIVE_INFINITY;
  });
  return known.answer;
}

/** A URL as it is compared: without the trailing slash; null for what names no API. */
function comparable(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, hash, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol) || search !== "" || hash !== "" || username !== "" || password !== "") return null;
  return origin + (pathname.length > 1 ? pathname.replace(/\/$/, "") : "");
}

async function below(base: string, wanted: string, gateway: Gateway): Promise<ApiResource | null> {
  const start = comparable(base);
  if (start === null || (wanted !== start && !wanted.startsWith(`${start}/`))) return null;
  const metadata = await gateway.protectedResource(wanted.slice(start.length) || "/");
  if (!metadata) return null;
  const issuers = Array.isArray(metadata.authorization_servers) ? metadata.authorization_servers.map(String) : [];
  return { uri: base + (wanted === start ? "" : wanted.slice(start.length)), issuers };
}

/**
 * Finds the deployed API that a resource URI names, below `GATEWRIGHT_GATEWAY_URL` or the address of another gateway, in the
 * spelling that its metadata has (RFC 9728, section 2).
 * @throws when the database is away and no deployment is known yet
 */
export async function findApiResource(resource: string): Promise<ApiResource | null> {
  const wanted = comparable(resource);
  if (wanted === null) return null;
  const gateway = await embeddedGateway();
  const own = environment().gatewayUrl;
  const found = await below(own, wanted, gateway);
  if (found) return found;
  for (const base of await otherAddresses()) {
    const elsewhere = base === own ? null : await below(base, wanted, gateway);
    if (elsewhere) return elsewhere;
  }
  return null;
}
