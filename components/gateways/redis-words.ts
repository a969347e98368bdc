import type { GatewayView, RedisServerView } from "@/lib/management/contract/gateways";

/** The settings of Redis: the one that says everything, the one that its parts begin with, and what goes with that. */
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

/** As many gateways as are named; the rest is counted. */
const NAMED_MAX = 3;

/** Where a Redis listens, for example `redis.internal:6379` or `[::1]:6379`. */
export const redisAddress = ({ host, port }: RedisServerView): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** Who a gateway is to Redis. */
export function redisUser({ username, hasPassword }: RedisServerView): string {
  if (username !== null) return `${username}, with a password`;
  return hasPassword ? "The default user, with a password" : "None: without authentication";
}

/** What two gateways must have in common to find each other's keys, in words: not who they are there, nor by what connection. */
const placeOf = (server: RedisServerView | null): string =>
  server === null ? "No Redis" : `${redisAddress(server).toLowerCase()}, database ${server.database}`;

const namesOf = (ids: readonly string[]): string => {
  const named = ids.slice(0, NAMED_MAX).join(", ");
  return ids.length > NAMED_MAX ? `${named} and ${ids.length - NAMED_MAX} more` : named;
};

type PlacedGateway = Pick<GatewayView, "id" | "status" | "redis" | "redisServer">;

/**
 * Which gateways are configured with which Redis, when they are not all configured with one: the most
 * common first. Empty while they agree. Nothing is said of gateways that are away or about to end, nor of those of a former
 * version that use a Redis and do not say which.
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

/** Whether a gateway's Redis is another than this console's, so that its row names it. */
export const usesOtherRedis = (gateway: PlacedGateway, own: PlacedGateway | undefined): boolean =>
  own !== undefined && gateway.redisServer !== null && placeOf(gateway.redisServer) !== placeOf(own.redisServer);
