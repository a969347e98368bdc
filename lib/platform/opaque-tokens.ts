import { z } from "zod";
import { SHARED_READ_TIMEOUT_MS, within } from "./database-unavailable";
import type { Query } from "./ended-tokens";

/** How many tokens one question is about at most. */
const BATCH = 500;
/** More questions than this do not wait for the database: a flood of made-up tokens has to end somewhere. */
const WAITING_MAX = 5000;

const SELECT = `SELECT record."serverId" AS "serverId", record."id" AS "id", record."payload"::text AS "payload"
  FROM json_to_recordset($1::json) AS wanted("serverId" text, "id" text)
  JOIN "OidcRecord" record ON record."serverId" = wanted."serverId" AND record."id" = wanted."id" AND record."model" = 'ClientCredentials'
  WHERE record."expiresAt" IS NULL OR record."expiresAt" > timezone('utc', now())`;

const rowSchema = z.object({ serverId: z.string(), id: z.string(), payload: z.string() });
/** What oidc-provider stores of an opaque client-credentials token. */
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

/** What a token stands for: the claims that its introspection answers (RFC 7662, section 2.2), without `active` and `iss`. */
export type OpaqueTokenClaims = Readonly<Record<string, unknown>>;

/** Finds a token by its server and the SHA-256 (base64url) of its text; null when none is good. @throws what the query throws */
export type OpaqueTokenFinder = (serverId: string, tokenId: string) => Promise<OpaqueTokenClaims | null>;

interface Waiting {
  serverId: string;
  id: string;
  resolve(claims: OpaqueTokenClaims | null): void;
  reject(error: unknown): void;
}

const keyOf = (serverId: string, id: string) => `${serverId} ${id}`;

/** The claims of a stored token; null when it is none that this version understands. What the server itself says comes after what it adds. */
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

/** Makes a finder that asks about all tokens that wait in one question, and puts one question at a time. */
export function createOpaqueTokenFinder(query: Query): OpaqueTokenFinder {
  let waiting: Waiting[] = [];
  let isAsking = false;

  const ask = async (batch: readonly Waiting[]) => {
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

  const askAll = async () => {
    isAsking = true;
    // Those that come within the same turn go together.
    await null;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await ask(batch);
    }
    isAsking = false;
  };

  return (serverId, id) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) {
        reject(new Error(`More than ${WAITING_MAX} opaque tokens are being looked up already.`));
        return;
      }
      waiting.push({ serverId, id, resolve, reject });
      if (!isAsking) void askAll();
    });
}
