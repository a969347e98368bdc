import { z } from "zod";
import { missingInSchema } from "@/lib/platform/database-unavailable";
import { type AssignedDeployment, type AssignedServer, type Assignment, keyOf, packed, sameServers } from "./assignment";
import type { GatewayDatabase } from "./database";
import { createEndedReader, NOTHING_ENDED } from "./revocations";
import { tokenDropSchema } from "./token-epochs";

/** The database's schema is another version's. */
export class SchemaMismatch extends Error {
  override name = "SchemaMismatch";
}

/** Reads what a gateway serves. */
export interface Source {
  /**
   * Returns the current assignment, or null when nothing changed since the last result. Deployments in `known` aren't read again,
   * because they never change.
   * @throws SchemaMismatch, and what the database throws
   */
  read(known: Assignment | null): Promise<Assignment | null>;
  /** When the database last sent something, in milliseconds of `performance.now()`. */
  heardAt(): number;
}

/** Deployments per query: fewer over a slow connection, because those that arrived before it broke are kept. */
const BATCH_MAX = 50;
const FIRST_BATCH = 10;
const QUICK_BATCH_MS = 250;

const ACTIVE = `"Api" WHERE "activeNumber" IS NOT NULL`;
const KEYS = `"SigningKey" k WHERE k."serverId" = s."id"`;
/** Milliseconds since the epoch, as an integer. */
const KEY_END = `floor(extract(epoch from k."expiresAt") * 1000)::bigint`;
const NEWEST_FIRST = `ORDER BY k."createdAt" DESC, k."kid"`;

/** A hash over the active deployments, the cleared tokens, and the authorization servers: one small row twice a second. */
const DIGEST = `encode(sha256(convert_to(
  coalesce((SELECT string_agg(json_build_array("id", "activeNumber")::text, ',' ORDER BY "id") FROM ${ACTIVE}), '') || '|' ||
  coalesce((SELECT string_agg(json_build_array(s."id", s."issuer", s."audience", s."enabled",
    (SELECT string_agg(k."kid" || coalesce(' ' || ${KEY_END}, ''), ',' ${NEWEST_FIRST}) FROM ${KEYS}))::text, ',' ORDER BY s."id") FROM "AuthorizationServer" s), '') || '|' ||
  coalesce((SELECT string_agg(json_build_array("apiId", "environment", "epoch")::text, ',' ORDER BY "apiId", "environment") FROM "EndpointTokenDrop"), '')
, 'UTF8')), 'hex')`;

const SELECT_DIGEST = `SELECT ${DIGEST} AS digest`;

/** The hash with its content, in one statement, so both are of the same moment. */
const SELECT_ALL = `SELECT ${DIGEST} AS digest,
  (SELECT coalesce(json_agg(json_build_object('apiId', "id", 'number', "activeNumber") ORDER BY "id"), '[]') FROM ${ACTIVE}) AS deployments,
  (SELECT coalesce(json_agg(json_build_object('id', s."id", 'issuer', s."issuer", 'audience', s."audience", 'enabled', s."enabled",
    'keys', (SELECT coalesce(json_agg(k."publicJwk" ${NEWEST_FIRST}), '[]') FROM ${KEYS}),
    'keyEnds', (SELECT coalesce(json_object_agg(k."kid", ${KEY_END}) FILTER (WHERE k."expiresAt" IS NOT NULL), '{}') FROM ${KEYS}))
    ORDER BY s."id"), '[]')
  FROM "AuthorizationServer" s) AS servers,
  (SELECT coalesce(json_agg(json_build_object('apiId', "apiId", 'environment', "environment", 'epoch', "epoch") ORDER BY "apiId", "environment"), '[]')
  FROM "EndpointTokenDrop") AS "tokenDrops"`;

const SELECT_DEPLOYMENTS = `SELECT d."apiId" AS "apiId", d."number" AS "number", d."definition"::text AS "definition",
  (SELECT coalesce(json_object_agg(slot."key", json_build_object('version', slot."value", 'sealed', s."ciphertext")), '{}')
  FROM jsonb_each_text(d."secrets") slot JOIN "Secret" s ON s."id" = slot."value")::text AS "secrets"
  FROM "Deployment" d JOIN json_to_recordset($1::json) AS wanted("apiId" text, "number" int) ON d."apiId" = wanted."apiId" AND d."number" = wanted."number"`;

const digestSchema = z.object({ digest: z.string() });
export const serverSchema = z.object({
  id: z.string(),
  issuer: z.string(),
  audience: z.string(),
  enabled: z.boolean(),
  keys: z.array(z.looseObject({ kty: z.string() })),
  // Missing in the last-known-good configuration of an earlier version.
  keyEnds: z.record(z.string(), z.number()).default({}),
});
const allSchema = digestSchema.extend({
  deployments: z.array(z.object({ apiId: z.string(), number: z.int() })),
  servers: z.array(serverSchema),
  tokenDrops: z.array(tokenDropSchema),
});
const deploymentSchema = z.object({ apiId: z.string(), number: z.int(), definition: z.string(), secrets: z.string() });

/** Reads deployments, authorization servers, revocations and cleared tokens from the database. */
export function createSource(database: GatewayDatabase): Source {
  /** The digest of the last result; null when that was incomplete. */
  let seen: string | null = null;

  const ask = async (text: string, values?: readonly unknown[]) => {
    try {
      return await database.query(text, values);
    } catch (error) {
      const missing = missingInSchema(error);
      if (missing === undefined) throw error;
      throw new SchemaMismatch(
        `The database's schema is another version's (${missing}). Start the console of this version, which migrates it, or run the console's version of this gateway.`,
      );
    }
  };

  const endedReader = createEndedReader(ask);

  /** The deployments that a failed read had loaded, by key. */
  const ahead = new Map<string, AssignedDeployment>();

  const load = async (wanted: readonly { apiId: string; number: number }[]): Promise<AssignedDeployment[]> => {
    const keys = new Set(wanted.map(keyOf));
    for (const key of ahead.keys()) if (!keys.has(key)) ahead.delete(key);
    const missing = wanted.filter((one) => !ahead.has(keyOf(one)));
    let size = FIRST_BATCH;
    for (let start = 0; start < missing.length; ) {
      const batch = missing.slice(start, start + size);
      start += batch.length;
      const began = performance.now();
      const rows = await ask(SELECT_DEPLOYMENTS, [JSON.stringify(batch)]);
      for (const row of rows) {
        const { apiId, number, definition, secrets } = deploymentSchema.parse(row);
        ahead.set(keyOf({ apiId, number }), packed(apiId, number, `{"definition":${definition},"secrets":${secrets}}`));
      }
      size = performance.now() - began < QUICK_BATCH_MS ? Math.min(size * 2, BATCH_MAX) : Math.max(1, Math.floor(size / 2));
    }
    return [...ahead.values()];
  };

  return {
    heardAt: () => database.heardAt(),
    async read(known) {
      if (known && seen !== null) {
        const [row] = await ask(SELECT_DIGEST);
        if (digestSchema.parse(row).digest === seen) {
          const ended = await endedReader.read(known.ended);
          return ended && { ...known, ended };
        }
      }
      const [row] = await ask(SELECT_ALL);
      const { digest, deployments: active, servers, tokenDrops } = allSchema.parse(row);
      const byKey = new Map(known?.deployments.map((deployment) => [keyOf(deployment), deployment]));
      for (const deployment of await load(active.filter((one) => !byKey.has(keyOf(one))))) byKey.set(keyOf(deployment), deployment);
      const deployments = active.flatMap((one) => byKey.get(keyOf(one)) ?? []);
      const ended = (await endedReader.read(known?.ended ?? null)) ?? known?.ended ?? NOTHING_ENDED;
      // A deployment that was deleted between the two queries is read again at the next poll.
      ahead.clear();
      seen = deployments.length === active.length ? digest : null;
      return { deployments, servers: keepIdentity(servers, known?.servers ?? []), ended, tokenDrops };
    },
  };
}

/** Unchanged servers stay the same objects, because gateways cache tokens by them. */
function keepIdentity(servers: readonly AssignedServer[], known: readonly AssignedServer[]): readonly AssignedServer[] {
  return servers.map((server) => known.find((former) => former.id === server.id && sameServers([former], [server])) ?? server);
}
