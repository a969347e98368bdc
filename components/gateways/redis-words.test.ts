import { describe, expect, it } from "vitest";
import type { RedisServerView } from "@/lib/management/contract/gateways";
import { ENVIRONMENT_VARIABLES } from "@/lib/platform/env";
import { REDIS_SETTINGS, redisAddress, redisDifferences, redisUser, usesOtherRedis } from "./redis-words";

const server = (changes: Partial<RedisServerView> = {}): RedisServerView => ({
  host: "redis.internal",
  port: 6379,
  username: null,
  hasPassword: false,
  database: 0,
  tls: false,
  connectTimeoutMs: 5000,
  ...changes,
});
const gateway = (id: string, redisServer: RedisServerView | null, status: "serving" | "away" | "draining" | "starting" = "serving") => ({
  id,
  status,
  redis: redisServer && ("connected" as const),
  redisServer,
});

describe("what the page says of Redis", () => {
  it("names every setting that there is", () => {
    expect([...REDIS_SETTINGS].sort()).toEqual(ENVIRONMENT_VARIABLES.filter((name) => name.startsWith("REDIS_")).sort());
  });

  it("is where it is and as whom", () => {
    expect(redisAddress(server())).toBe("redis.internal:6379");
    expect(redisAddress(server({ host: "::1", port: 7000 }))).toBe("[::1]:7000");
    expect(redisUser(server())).toBe("None (no authentication)");
    expect(redisUser(server({ hasPassword: true }))).toBe("Default user, with a password");
    expect(redisUser(server({ username: "me", hasPassword: true }))).toBe("me, with a password");
  });
});

describe("a difference between gateways", () => {
  it("is none between gateways on one database, by whatever connection and as whomever, nor where there is no Redis", () => {
    const other = server({ host: "Redis.Internal", username: "me", hasPassword: true, tls: true, connectTimeoutMs: 1 });
    expect(redisDifferences([gateway("a", server()), gateway("b", other)])).toEqual([]);
    expect(redisDifferences([gateway("a", null), gateway("b", null)])).toEqual([]);
    expect(redisDifferences([])).toEqual([]);
  });

  it("is another address, another database, and none at all; the most common stands first", () => {
    const gateways = [
      gateway("a", server({ port: 7000 })),
      gateway("b", server({ database: 1 })),
      gateway("c", null),
      ...["d", "e", "f", "g"].map((id) => gateway(id, server())),
    ];
    expect(redisDifferences(gateways)).toEqual([
      { place: "redis.internal:6379, database 0", gateways: "d, e, f and 1 more" },
      { place: "redis.internal:7000, database 0", gateways: "a" },
      { place: "redis.internal:6379, database 1", gateways: "b" },
      { place: "No Redis", gateways: "c" },
    ]);
  });

  it("is not made of gateways that are away or about to end, nor of a former version that does not say which Redis it uses", () => {
    const former = { ...gateway("d", null), redis: "connected" as const };
    const others = [gateway("b", null, "away"), gateway("c", server({ port: 1 }), "draining"), former];
    expect(redisDifferences([gateway("a", server()), ...others])).toEqual([]);
  });

  it("is named in a row whose Redis is another than this console's", () => {
    const own = gateway("own", server());
    expect(usesOtherRedis(gateway("a", server({ tls: true })), own)).toBe(false);
    expect(usesOtherRedis(gateway("a", server({ database: 1 })), own)).toBe(true);
    expect(usesOtherRedis(gateway("a", server()), gateway("own", null))).toBe(true);
    expect(usesOtherRedis(gateway("a", null), own)).toBe(false);
    expect(usesOtherRedis(gateway("a", server()), undefined)).toBe(false);
  });
});
