import type { GatewayView, RedisServerView } from "@/lib/management/contract/gateways";

/** The Redis settings: the URL, or the host with its optional settings. */
export const REDIS_SETTINGS = [
  "REDIS_URL",
  "REDIS_HOST",
  "REDIS_PORT",
  "REDIS_USER",
  "REDIS_PASSWORD",
  "REDIS_DATABASE",
  "REDIS_TLS",
  "REDIS_CONNECTION_TIMEOUT_MS",
] as const;

/** Maximum gateways to name; the rest are counted. */
const NAMED_MAX = 3;

/** Formats a Redis server's address, for example `redis.internal:6379` or `[::1]:6379`. */
export const redisAddress = ({ host, port }: RedisServerView): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Describes how a gateway authenticates to Redis. */
export function redisUser({ username, hasPassword }: RedisServerView): string {
  if (username !== null) return `${username}, with a password`;
  return hasPassword ? "Default user, with a password" : "None (no authentication)";
}

/** Describes what gateways must have in common to share keys: server and database, not user or connection. */
const placeOf = (server: RedisServerView | null): string =>
  server === null ? "No Redis" : `${redisAddress(server).toLowerCase()}, database ${server.database}`;

const namesOf = (ids: readonly string[]): string => {
  const named = ids.slice(0, NAMED_MAX).join(", ");
  return ids.length > NAMED_MAX ? `${named} and ${ids.length - NAMED_MAX} more` : named;
};

type PlacedGateway = Pick<GatewayView, "id" | "status" | "redis" | "redisServer">;

/**
 * Groups gateways by Redis server, the most common first; empty if all use the same one. Ignores offline and draining
 * gateways, and those of earlier versions that don't report their server.
 */
export function redisDifferences(gateways: readonly PlacedGateway[]): { place: string; gateways: string }[] {
  const places = new Map<string, string[]>();
  for (const { id, status, redis, redisServer } of gateways) {
    if (status === "away" || status === "draining" || (redisServer === null && redis !== null)) continue;
    const place = placeOf(redisServer);
    places.set(place, [...(places.get(place) ?? []), id]);
  }
  if (places.size < 2) return [];
  return [...places].sort(([, a], [, b]) => b.length - a.length).map(([place, ids]) => ({ place, gateways: namesOf(ids) }));
}

/** Returns whether a gateway's Redis differs from this console's; its row then names it. */
export const usesOtherRedis = (gateway: PlacedGateway, own: PlacedGateway | undefined): boolean =>
  own !== undefined && gateway.redisServer !== null && placeOf(gateway.redisServer) !== placeOf(own.redisServer);
