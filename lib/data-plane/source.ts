import { z } from "zod";
import { createEndedReader, NOTHING_ENDED } from "@/lib/platform/ended-tokens";
import { tokenDropSchema } from "@/lib/platform/token-drops";
import { type AssignedDeployment, type AssignedServer, type Assignment, keyOf, packed, sameServers } from "./assignment";
import { missingInSchema, type Postgres } from "./postgres";

/** The database's tables are not those that this gateway knows. */
export class SchemaMismatch extends Error {
  override name = "SchemaMismatch";
}

/** Where a gateway learns what it has to serve. */
export interface Source {
  /**
   * What is to be served now, or null when nothing has changed since the last answer.
   * Deployments that `known` has are not read again, because they never change.
   * @throws PostgresAway, SchemaMismatch
   */
  read(known: Assignment | null): Promise<Assignment | null>;
  /** When Postgres last sent something, in milliseconds of `performance.now()`. */
  heardAt(): number;
}

/** How many deployments are asked for at once: fewer over a slow link, because what came before it broke is kept. */
const BATCH_MAX = 50;
const FIRST_BATCH = 10;
const QUICK_BATCH_MS = 250;

const ACTIVE = `"Api" WHERE "activeNumber" IS NOT NULL`;
const KEYS = `"SigningKey" k WHERE k."serverId" = s."id"`;
/** Milliseconds since the epoch, as an integer. */
const KEY_END = `floor(extract(epoch from k."expiresAt") * 1000)::bigint`;
const NEWEST_FIRST = `ORDER BY k."createdAt" DESC, k."kid"`;

/** A hash over which deployments are active, what was dropped, and everything of the authorization servers: one small row twice a second. */
const DIGEST = `encode(sha256(convert_to(
  coalesce((SELECT string_agg(json_build_array("id", "activeNumber")::text, ',' ORDER BY "id") FROM ${ACTIVE}), '') || '|' ||
  coalesce((SELECT string_agg(json_build_array(s."id", s."issuer", s."audience", s."enabled",
    (SELECT string_agg(k."kid" || coalesce(' ' || ${KEY_END}, ''), ',' ${NEWEST_FIRST}) FROM ${KEYS}))::text, ',' ORDER BY s."id") FROM "AuthorizationServer" s), '') || '|' ||
  coalesce((SELECT string_agg(json_build_array("apiId", "environment", "epoch")::text, ',' ORDER BY "apiId", "environment") FROM "EndpointTokenDrop"), '')
, 'UTF8')), 'hex')`;

const SELECT_DIGEST = `SELECT ${DIGEST} AS digest`;

/** The same with what it is made of, in one statement and so of one moment. */
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
  FROM "Deployment" d JOIN unnest($1::text[], $2::int[]) AS wanted("apiId", "number") ON d."apiId" = wanted."apiId" AND d."number" = wanted."number"`;

const digestSchema = z.object({ digest: z.string() });
export const serverSchema = z.object({
  id: z.string(),
  issuer: z.string(),
  audience: z.string(),
  enabled: z.boolean(),
  keys: z.array(z.looseObject({ kty: z.string() })),
  // A copy of an earlier version says nothing of it.
  keyEnds: z.record(z.string(), z.number()).default({}),
});
const allSchema = digestSchema.extend({
  deployments: z.array(z.object({ apiId: z.string(), number: z.int() })),
  servers: z.array(serverSchema),
  tokenDrops: z.array(tokenDropSchema),
});
const deploymentSchema = z.object({ apiId: z.string(), number: z.int(), definition: z.string(), secrets: z.string() });

/** Reads deployments and authorization servers from Postgres. */
export function createSource(postgres: Postgres): Source {
  /** The digest of what was answered last; null when that was not complete. */
  let seen: string | null = null;

  const ask = async (text: string, values?: readonly unknown[]) => {
    try {
      return await postgres.query(text, values);
    } catch (error) {
      const missing = missingInSchema(error);
      if (missing === undefined) throw error;
      throw new SchemaMismatch(
        `The database's tables are not those of this version (${missing}). Start the console of this version once, which brings them up to date, or run this gateway in the console's version.`,
      );
    }
  };

  const endedReader = createEndedReader(ask);

  /** What a read that failed half way had loaded, by key: deployments never change. */
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
      const rows = await ask(SELECT_DEPLOYMENTS, [batch.map(({ apiId }) => apiId), batch.map(({ number }) => number)]);
      for (const row of rows) {
        const { apiId, number, definition, secrets } = deploymentSchema.parse(row);
        ahead.set(keyOf({ apiId, number }), packed(apiId, number, `{"definition":${definition},"secrets":${secrets}}`));
      }
      size = performance.now() - began < QUICK_BATCH_MS ? Math.min(size * 2, BATCH_MAX) : Math.max(1, Math.floor(size / 2));
    }
    return [...ahead.values()];
  };

  return {
    heardAt: () => postgres.heardAt(),
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
      // One that was deleted between the two questions is asked for again at the next look.
      ahead.clear();
      seen = deployments.length === active.length ? digest : null;
      return { deployments, servers: keepIdentity(servers, known?.servers ?? []), ended, tokenDrops };
    },
  };
}

/** Servers that are as they were stay the same objects: what is known of their tokens hangs on them. */
function keepIdentity(servers: readonly AssignedServer[], known: readonly AssignedServer[]): readonly AssignedServer[] {
  return servers.map((server) => known.find((former) => former.id === server.id && sameServers([former], [server])) ?? server);
}
