import { LRUCache } from "lru-cache";
import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Prisma } from "@/generated/prisma/client";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { tokenIdOf } from "./token-id";

const CLEAN_EVERY_MS = 60_000;
/** Ids are made by oidc-provider; a caller's token that cannot be one is not looked up. */
const ID = /^[\x21-\x7e]{1,512}$/;
/** Tokens never change, they only go: an answer this old is no older than what every process knows of revocations. */
const KEPT_MS = 500;
const KEPT_MAX = 10_000;
const KEPT_MODELS = new Set(["AccessToken", "ClientCredentials"]);
/** What may be there once only: which of two that write at once was the first is for the database to say. */
const ONCE_MODEL = "ReplayDetection";

/** Something that may be used once only was used before, by a request that ran at the same time. */
export class UsedBefore extends Error {
  override name = "UsedBefore";
}

const cleaning = () => singleton("oidc-records-cleaning", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Answers by server, model and id; `null` is the answer that there is none, which stays true of an id that nobody can guess. */
const kept = () =>
  singleton("oidc-records-kept", () => new LRUCache<string, { payload: AdapterPayload | null }>({ max: KEPT_MAX, ttl: KEPT_MS }));

/** Deletes what has expired, at most once a minute in a process, beside the write that led here. */
function clean(): void {
  const state = cleaning();
  if (performance.now() - state.at < CLEAN_EVERY_MS) return;
  state.at = performance.now();
  database()
    .oidcRecord.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    .catch((error: unknown) => logger().warn({ err: error }, "expired records could not be deleted"));
}

/**
 * A payload as it is stored: oidc-provider's payloads are JSON already, members that are undefined go, and so does `jti`,
 * which is the token itself.
 */
function asJson(payload: AdapterPayload): Prisma.InputJsonObject {
  const { jti: _token, ...rest } = payload;
  return JSON.parse(JSON.stringify(rest));
}

/** Writes what may be there once only; one that has expired gives way. @throws UsedBefore when it is there */
async function insertOnce(data: Prisma.OidcRecordCreateManyInput & { id: string }): Promise<void> {
  const { serverId, model, id } = data;
  const insert = async () => (await database().oidcRecord.createMany({ data: [data], skipDuplicates: true })).count === 1;
  if (await insert()) return;
  await database().oidcRecord.deleteMany({ where: { serverId, model, id, expiresAt: { lte: new Date() } } });
  if (!(await insert())) throw new UsedBefore("It was used before.");
}

/**
 * Keeps what oidc-provider stores for one server. An expired record is not found, whether or not it is deleted yet. Ids are
 * stored as their SHA-256 (`tokenIdOf`), because many of them are tokens.
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
  const findKept = async (id: string): Promise<AdapterPayload | null> => {
    const key = memoryKey(id);
    const known = kept().get(key);
    if (known) return known.payload;
    const payload = (await findWhere({ id: tokenIdOf(id) })) ?? null;
    kept().set(key, { payload });
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
      const payload = KEPT_MODELS.has(model) ? await findKept(id) : await findWhere({ id: tokenIdOf(id) });
      return payload ? { ...structuredClone(payload), jti: id } : undefined;
    },
    findByUid: (uid) => findWhere({ payload: { path: ["uid"], equals: uid } }),
    findByUserCode: (userCode) => findWhere({ payload: { path: ["userCode"], equals: userCode } }),
    async consume(id) {
      // One statement, so that of two who present the same code only one can be the first.
      await database().$executeRaw`
        UPDATE "OidcRecord" SET "payload" = "payload" || jsonb_build_object('consumed', ${Math.floor(Date.now() / 1000)}::int)
        WHERE "serverId" = ${serverId} AND "model" = ${model} AND "id" = ${tokenIdOf(id)}`;
    },
    async destroy(id) {
      await database().oidcRecord.deleteMany({ where: keyOf(id) });
      kept().delete(memoryKey(id));
    },
    async revokeByGrantId(grantId) {
      await database().oidcRecord.deleteMany({ where: { serverId, grantId } });
    },
  };
}
