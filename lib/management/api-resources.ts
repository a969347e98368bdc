import type { ApiResource } from "@/lib/authorization-server/api-resources";
import type { Gateway } from "@/lib/gateway/gateway";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { singleton } from "@/lib/platform/singleton";
import { embeddedGateway } from "./runtime";

/** Cache TTL of the other gateways' URLs: any client with credentials can send any resource, and must not cause a query each. */
const ADDRESSES_TTL_MS = 2000;

const addressCache = () =>
  singleton("gateway-addresses", () => ({ readAt: Number.NEGATIVE_INFINITY, addresses: Promise.resolve<string[]>([]) }));

/** Reads the client-facing URLs of all gateways seen within the last hour. */
async function readAddresses(): Promise<string[]> {
  const rows = await database().$queryRaw<{ address: string }[]>`
    SELECT DISTINCT "address" FROM "Gateway" WHERE "seenAt" > timezone('utc', now()) - interval '1 hour' ORDER BY "address"`;
  return rows.map(({ address }) => address);
}

function otherAddresses(): Promise<string[]> {
  const cache = addressCache();
  if (performance.now() - cache.readAt < ADDRESSES_TTL_MS) return cache.addresses;
  cache.readAt = performance.now();
  cache.addresses = readAddresses();
  cache.addresses.catch(() => {
    cache.readAt = Number.NEGATIVE_INFINITY;
  });
  return cache.addresses;
}

/** Normalizes a URL for comparison: no trailing slash. Null if it can't be the URL of an API. */
function comparable(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol, origin, pathname, search, hash, username, password } = new URL(text);
  if (!/^https?:$/.test(protocol) || search !== "" || hash !== "" || username !== "" || password !== "") return null;
  return origin + (pathname.length > 1 ? pathname.replace(/\/$/, "") : "");
}

async function below(base: string, url: string, gateway: Gateway): Promise<ApiResource | null> {
  const start = comparable(base);
  if (start === null || (url !== start && !url.startsWith(`${start}/`))) return null;
  const metadata = await gateway.protectedResource(url.slice(start.length) || "/");
  if (!metadata) return null;
  const issuers = Array.isArray(metadata.authorization_servers) ? metadata.authorization_servers.map(String) : [];
  return { uri: base + (url === start ? "" : url.slice(start.length)), issuers };
}

/**
 * Finds the deployed API with this resource URI, below `GATEWRIGHT_GATEWAY_URL` or another gateway's URL. The result is spelled
 * as in the API's metadata (RFC 9728, 2); null if there is none.
 * @throws if the database is unreachable and no deployments are loaded
 */
export async function findApiResource(resource: string): Promise<ApiResource | null> {
  const url = comparable(resource);
  if (url === null) return null;
  const gateway = await embeddedGateway();
  const own = environment().gatewayUrl;
  const found = await below(own, url, gateway);
  if (found) return found;
  for (const base of await otherAddresses()) {
    const elsewhere = base === own ? null : await below(base, url, gateway);
    if (elsewhere) return elsewhere;
  }
  return null;
}
