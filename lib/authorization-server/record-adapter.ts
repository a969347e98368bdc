import { LRUCache } from "lru-cache";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Prisma } from "@/generated/prisma/client";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { tokenIdOf } from "./token-id";

const CLEAN_EVERY_MS = 60_000;
/** A valid record ID. A client's token that doesn't match isn't looked up. */
const ID = /^[\x21-\x7e]{1,512}$/;
/** Tokens are immutable until deleted. This equals the cache TTL of revocations. */
const CACHE_TTL_MS = 500;
const CACHED_MAX = 10_000;
const CACHED_MODELS = new Set(["AccessToken", "ClientCredentials"]);
/** Its records may be written once; the database decides which of two concurrent writes is first. */
const ONCE_MODEL = "ReplayDetection";

/** A concurrent request used the same single-use value first. */
export class AlreadyUsed extends Error {
  override name = "AlreadyUsed";
}

const cleaning = () => singleton("oidc-records-cleaning", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Cached records by server, model and ID; `null` means not found. */
const cached = () =>
  singleton("oidc-records-cached", () => new LRUCache<string, { payload: AdapterPayload | null }>({ max: CACHED_MAX, ttl: CACHE_TTL_MS }));

/** Deletes expired records in the background, at most once a minute per process. */
function clean(): void {
  const state = cleaning();
  if (performance.now() - state.at < CLEAN_EVERY_MS) return;
  state.at = performance.now();
  database()
    .oidcRecord.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    .catch((error: unknown) => logger().warn({ err: error }, "can't delete expired records"));
}

/**
 * Converts a payload for storage: without undefined members and without `jti`, which is the token itself.
 */
function asJson(payload: AdapterPayload): Prisma.InputJsonObject {
  const { jti: _token, ...rest } = payload;
  return JSON.parse(JSON.stringify(rest));
}

/** Inserts a single-use record; replaces an expired one. @throws AlreadyUsed when it exists */
async function insertOnce(data: Prisma.OidcRecordCreateManyInput & { id: string }): Promise<void> {
  const { serverId, model, id } = data;
  const insert = async () => (await database().oidcRecord.createMany({ data: [data], skipDuplicates: true })).count === 1;
  if (await insert()) return;
  await database().oidcRecord.deleteMany({ where: { serverId, model, id, expiresAt: { lte: new Date() } } });
  if (!(await insert())) throw new AlreadyUsed("The value was already used.");
}

/**
 * Stores oidc-provider's records of one server. Expired records aren't found. IDs are stored as SHA-256 (`tokenIdOf`), because many
 * of them are tokens.
 */
export function recordAdapter(serverId: string, model: string): Adapter {
  const keyOf = (id: string) => ({ serverId, model, id: tokenIdOf(id) });
  const memoryKey = (id: string) => `${serverId} ${model} ${tokenIdOf(id)}`;
  const findWhere = async (where: Prisma.OidcRecordWhereInput): Promise<AdapterPayload | undefined> => {
    const row = await database().oidcRecord.findFirst({
      where: { serverId, model, AND: [where, { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }] },
    });
    return row && typeof row.payload === "object" && row.payload !== null && !Array.isArray(row.payload) ? { ...row.payload } : undefined;
  };
  const findCached = async (id: string): Promise<AdapterPayload | null> => {
    const key = memoryKey(id);
    const known = cached().get(key);
    if (known) return known.payload;
    const payload = (await findWhere({ id: tokenIdOf(id) })) ?? null;
    cached().set(key, { payload });
    return payload;
  };
  return {
    async upsert(id, payload, expiresInSeconds) {
      const data = {
        payload: asJson(payload),
        grantId: payload.grantId ?? null,
        expiresAt: expiresInSeconds === undefined ? null : new Date(Date.now() + expiresInSeconds * 1000),
      };
      clean();
      const key = keyOf(id);
      if (model === ONCE_MODEL) return insertOnce({ ...key, ...data });
      await database().oidcRecord.upsert({ where: { serverId_model_id: key }, create: { ...key, ...data }, update: data });
    },
    async find(id) {
      if (!ID.test(id)) return undefined;
      const payload = CACHED_MODELS.has(model) ? await findCached(id) : await findWhere({ id: tokenIdOf(id) });
      return payload ? { ...structuredClone(payload), jti: id } : undefined;
    },
    findByUid: (uid) => findWhere({ payload: { path: ["uid"], equals: uid } }),
    findByUserCode: (userCode) => findWhere({ payload: { path: ["userCode"], equals: userCode } }),
    async consume(id) {
      // One atomic statement, so only one of two concurrent requests consumes the code.
      await database().$executeRaw`
        UPDATE "OidcRecord" SET "payload" = "payload" || jsonb_build_object('consumed', ${Math.floor(Date.now() / 1000)}::int)
        WHERE "serverId" = ${serverId} AND "model" = ${model} AND "id" = ${tokenIdOf(id)}`;
    },
    async destroy(id) {
      await database().oidcRecord.deleteMany({ where: keyOf(id) });
      cached().delete(memoryKey(id));
    },
    async revokeByGrantId(grantId) {
      await database().oidcRecord.deleteMany({ where: { serverId, grantId } });
    },
  };
}
