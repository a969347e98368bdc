import { z } from "zod";
import { SHARED_READ_TIMEOUT_MS, within } from "./database-unavailable";
import type { Query } from "./query";

/** Maximum tokens per query. */
const BATCH = 500;
/** Maximum queued lookups, because clients can send any number of unknown tokens. */
const WAITING_MAX = 5000;

const SELECT = `SELECT record."serverId" AS "serverId", record."id" AS "id", record."payload"::text AS "payload"
  FROM json_to_recordset($1::json) AS wanted("serverId" text, "id" text)
  JOIN "OidcRecord" record ON record."serverId" = wanted."serverId" AND record."id" = wanted."id" AND record."model" = 'ClientCredentials'
  WHERE record."expiresAt" IS NULL OR record."expiresAt" > timezone('utc', now())`;

const rowSchema = z.object({ serverId: z.string(), id: z.string(), payload: z.string() });
/** oidc-provider's record of an opaque client-credentials token. */
const payloadSchema = z.object({
  iat: z.number(),
  exp: z.number(),
  clientId: z.string(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  scope: z.string().optional(),
  jkt: z.string().optional(),
  "x5t#S256": z.string().optional(),
  extra: z.record(z.string(), z.unknown()).optional(),
});

/** The introspection claims of a token (RFC 7662, 2.2), without `active` and `iss`. */
export type OpaqueTokenClaims = Readonly<Record<string, unknown>>;

/** Finds a valid token by its server and its SHA-256 (base64url); otherwise null. @throws what the query throws */
export type OpaqueTokenFinder = (serverId: string, tokenId: string) => Promise<OpaqueTokenClaims | null>;

interface Waiting {
  serverId: string;
  id: string;
  resolve(claims: OpaqueTokenClaims | null): void;
  reject(error: unknown): void;
}

const keyOf = (serverId: string, id: string) => `${serverId} ${id}`;

/** The claims of a stored token; null when this version can't parse it. Standard claims override extra ones. */
export function claimsOfRecord(payload: unknown): OpaqueTokenClaims | null {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return null;
  const { iat, exp, clientId, aud, scope, jkt, "x5t#S256": certificate, extra } = parsed.data;
  const bound = { ...(jkt === undefined ? {} : { jkt }), ...(certificate === undefined ? {} : { "x5t#S256": certificate }) };
  return {
    ...extra,
    client_id: clientId,
    sub: clientId,
    iat,
    exp,
    ...(aud === undefined ? {} : { aud }),
    ...(scope === undefined ? {} : { scope }),
    token_type: jkt === undefined ? "Bearer" : "DPoP",
    ...(Object.keys(bound).length === 0 ? {} : { cnf: bound }),
  };
}

/** Creates a finder that batches lookups: one query at a time, for all queued tokens. */
export function createOpaqueTokenFinder(query: Query): OpaqueTokenFinder {
  let waiting: Waiting[] = [];
  let isRunning = false;

  const queryBatch = async (batch: readonly Waiting[]) => {
    try {
      const wanted = JSON.stringify(batch.map(({ serverId, id }) => ({ serverId, id })));
      const rows = await within(Promise.resolve(query(SELECT, [wanted])), SHARED_READ_TIMEOUT_MS);
      const found = new Map(rows.map((row) => rowSchema.parse(row)).map((row) => [keyOf(row.serverId, row.id), row.payload]));
      for (const { serverId, id, resolve } of batch) {
        const payload = found.get(keyOf(serverId, id));
        resolve(payload === undefined ? null : claimsOfRecord(JSON.parse(payload)));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const runQueue = async () => {
    isRunning = true;
    // Lookups of the same tick share a batch.
    await null;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await queryBatch(batch);
    }
    isRunning = false;
  };

  return (serverId, id) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) {
        reject(new Error(`More than ${WAITING_MAX} opaque token lookups are queued.`));
        return;
      }
      waiting.push({ serverId, id, resolve, reject });
      if (!isRunning) void runQueue();
    });
}
