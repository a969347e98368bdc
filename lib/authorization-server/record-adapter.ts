import type { Adapter, AdapterPayload } from "oidc-provider";
import type { Prisma } from "@/generated/prisma/client";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";

const CLEAN_EVERY_MS = 60_000;
/** Ids are made by oidc-provider; a caller's token that cannot be one is not looked up. */
const ID = /^[\x21-\x7e]{1,512}$/;

const cleaning = () => singleton("oidc-records-cleaning", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Deletes what has expired, at most once a minute in a process, beside the write that led here. */
function clean(): void {
  const state = cleaning();
  if (performance.now() - state.at < CLEAN_EVERY_MS) return;
  state.at = performance.now();
  database()
    .oidcRecord.deleteMany({ where: { expiresAt: { lt: new Date() } } })
    .catch((error: unknown) => logger().warn({ err: error }, "expired records could not be deleted"));
}

/** oidc-provider's payloads are JSON already; this drops the members that are undefined. */
const asJson = (payload: AdapterPayload): Prisma.InputJsonObject => JSON.parse(JSON.stringify(payload));

/** Keeps what oidc-provider stores for one server. An expired record is not found, whether or not it is deleted yet. */
export function recordAdapter(serverId: string, model: string): Adapter {
  const key = (id: string) => ({ serverId_model_id: { serverId, model, id } });
  const findWhere = async (where: Prisma.OidcRecordWhereInput): Promise<AdapterPayload | undefined> => {
    const row = await database().oidcRecord.findFirst({
      where: { serverId, model, AND: [where, { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] }] },
    });
    return row && typeof row.payload === "object" && row.payload !== null && !Array.isArray(row.payload) ? { ...row.payload } : undefined;
  };
  return {
    async upsert(id, payload, expiresInSeconds) {
      const data = {
        payload: asJson(payload),
        grantId: payload.grantId ?? null,
        expiresAt: expiresInSeconds === undefined ? null : new Date(Date.now() + expiresInSeconds * 1000),
      };
      await database().oidcRecord.upsert({ where: key(id), create: { serverId, model, id, ...data }, update: data });
      clean();
    },
    find: async (id) => (ID.test(id) ? findWhere({ id }) : undefined),
    findByUid: (uid) => findWhere({ payload: { path: ["uid"], equals: uid } }),
    findByUserCode: (userCode) => findWhere({ payload: { path: ["userCode"], equals: userCode } }),
    async consume(id) {
      // One statement, so that of two who present the same code only one can be the first.
      await database().$executeRaw`
        UPDATE "OidcRecord" SET "payload" = "payload" || jsonb_build_object('consumed', ${Math.floor(Date.now() / 1000)}::int)
        WHERE "serverId" = ${serverId} AND "model" = ${model} AND "id" = ${id}`;
    },
    async destroy(id) {
      await database().oidcRecord.deleteMany({ where: { serverId, model, id } });
    },
    async revokeByGrantId(grantId) {
      await database().oidcRecord.deleteMany({ where: { serverId, grantId } });
    },
  };
}
