import { afterAll, beforeAll, expect, test } from "vitest";
import { database } from "@/lib/platform/database";
import { removeExpired } from "./expired";
import { ensureDefaultServer } from "./servers";
import { addApplication, addSecret, startTestIssuer, type TestIssuer } from "./test-issuer";

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startTestIssuer();
  await ensureDefaultServer(database(), issuer.box);
});
afterAll(() => issuer?.stop());

const DAY_MS = 24 * 60 * 60 * 1000;
const days = (count: number) => new Date(Date.now() + count * DAY_MS);

test("deletes expired rows only", async () => {
  const { id, clientId } = await addApplication();
  await addSecret(id, "expired-long-ago", days(-31));
  await addSecret(id, "expired-lately", days(-29));
  await addSecret(id, "expires-later", days(1));
  for (const [name, expiresAt] of [
    ["old", days(-1)],
    ["new", days(1)],
  ] as const) {
    await database().revokedToken.create({ data: { serverId: "default", tokenId: name, expiresAt } });
    await database().endedClient.create({ data: { serverId: "default", clientId: name, endedAt: days(-2), isOff: true, expiresAt } });
    await database().oidcRecord.create({ data: { serverId: "default", model: "ClientCredentials", id: name, payload: {}, expiresAt } });
  }
  await database().oidcRecord.create({ data: { serverId: "default", model: "ClientCredentials", id: "endless", payload: {} } });
  expect(await removeExpired(database())).toBe(4);
  expect(await removeExpired(database())).toBe(0);
  const secrets = await database().applicationSecret.findMany({ where: { application: { clientId } }, orderBy: { createdAt: "asc" } });
  expect(secrets.map(({ hint }) => hint).slice(1)).toEqual(["tely", "ater"]);
  expect((await database().revokedToken.findMany()).map(({ tokenId }) => tokenId)).toEqual(["new"]);
  expect((await database().endedClient.findMany()).map(({ clientId: name }) => name)).toEqual(["new"]);
  expect((await database().oidcRecord.findMany({ orderBy: { id: "asc" } })).map(({ id: name }) => name)).toEqual(["endless", "new"]);
});
