import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordAdapter } from "@/lib/authorization-server/record-adapter";
import { revokeClientTokens, revokeToken } from "@/lib/authorization-server/revoked-tokens";
import { tokenIdOf } from "@/lib/authorization-server/token-id";
import type { Assignment } from "@/lib/gateway-host/assignment";
import { createOwnServers } from "@/lib/gateway-host/own-servers";
import { createSource } from "@/lib/gateway-host/source";
import { database } from "@/lib/platform/database";
import { type TestDatabase, testDatabase } from "@/lib/testing/postgres";
import { embeddedDatabase } from "./embedded-database";

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  Object.assign(process.env, { DATABASE_URL: db.url, GATEWRIGHT_SECRET_KEY: randomBytes(32).toString("base64") });
});
afterAll(async () => {
  await database().$disconnect();
  await db.drop();
});

/** What the console's gateway knows of tokens, through the console's own connection. */
function embeddedTokens() {
  const source = createSource(embeddedDatabase());
  const own = createOwnServers(embeddedDatabase().query, Date.now);
  let known: Assignment | null = null;
  return {
    ...own,
    async refresh() {
      known = (await source.read(known)) ?? known;
      if (known) own.take(known);
    },
  };
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

describe("the gateway in the console", () => {
  it("loads revoked tokens at each refresh", async () => {
    const tokens = embeddedTokens();
    await tokens.refresh();
    expect(tokens.endedTokens("shop").revoked.size).toBe(0);
    await revokeToken("shop", "one", inAnHour());
    await revokeClientTokens(database(), { clientId: "mobile", serverId: "shop" }, true);
    await tokens.refresh();
    const { revoked, clients } = tokens.endedTokens("shop");
    expect([...revoked]).toEqual(["one"]);
    expect(clients.get("mobile")).toEqual({ isOff: true, endedAt: expect.closeTo(Date.now() / 1000, -2) });
    expect(tokens.endedTokens("other").revoked.size).toBe(0);
    await revokeClientTokens(database(), { clientId: "mobile", serverId: "shop" }, false);
    await revokeToken("shop", "two", inAnHour());
    await tokens.refresh();
    expect(tokens.endedTokens("shop").clients.get("mobile")?.isOff).toBe(false);
    expect([...tokens.endedTokens("shop").revoked].sort()).toEqual(["one", "two"]);
  });

  it("finds an opaque token as it was stored, until it is destroyed", async () => {
    const token = randomBytes(32).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const adapter = recordAdapter("shop", "ClientCredentials");
    await adapter.upsert(
      token,
      { jti: token, iat: now, exp: now + 60, clientId: "app", aud: "api://shop", scope: "read", kind: "ClientCredentials" },
      60,
    );
    const tokens = embeddedTokens();
    expect(await tokens.opaqueToken("shop", tokenIdOf(token))).toEqual({
      client_id: "app",
      sub: "app",
      iat: now,
      exp: now + 60,
      aud: "api://shop",
      scope: "read",
      token_type: "Bearer",
    });
    expect(await tokens.opaqueToken("other", tokenIdOf(token))).toBeNull();
    await adapter.destroy(token);
    expect(await tokens.opaqueToken("shop", tokenIdOf(token))).toBeNull();
  });
});
