import { LRUCache } from "lru-cache";
import { type Database, database, type Transaction } from "@/lib/platform/database";
import { SHARED_READ_TIMEOUT_MS, within } from "@/lib/platform/database-unavailable";
import { logger } from "@/lib/platform/log";
import { announceDeployments } from "@/lib/platform/redis";
import { singleton } from "@/lib/platform/singleton";

/** Cache TTL: a revocation applies within this time. */
const FRESH_MS = 500;
const CLEAN_EVERY_MS = 60_000;
const SERVERS_MAX = 1000;
/** The maximum token lifetime of 1 day plus 1 hour for clock differences. */
const REVOKED_CLIENT_TTL_MS = 25 * 60 * 60 * 1000;

/** A server's tokens that were revoked before they expired. */
export interface RevokedTokens {
  /** The `jti` of JWTs, the SHA-256 (base64url) of opaque tokens. */
  readonly revoked: ReadonlySet<string>;
  /** By client ID: tokens issued at `endedAt` (seconds since the epoch) or before are revoked; with `isOff`, all are. */
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

interface Entry {
  record: RevokedTokens;
  /** Start of the read, in milliseconds of `performance.now()`. */
  checkedAt: number;
}

/** A read in progress. */
interface Load {
  /** Milliseconds of `performance.now()`. */
  beganAt: number;
  answer: Promise<RevokedTokens>;
}

const isRecent = (at: number): boolean => performance.now() - at < FRESH_MS;

const entries = () => singleton("ended-tokens", () => new LRUCache<string, Entry>({ max: SERVERS_MAX }));
const loads = () => singleton("ended-token-loads", () => new Map<string, Load>());
const cleaning = () => singleton("ended-tokens-cleaning", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Deletes expired records in the background, at most once a minute per process. */
function clean(): void {
  const state = cleaning();
  if (performance.now() - state.at < CLEAN_EVERY_MS) return;
  state.at = performance.now();
  const where = { expiresAt: { lt: new Date() } };
  Promise.all([database().revokedToken.deleteMany({ where }), database().endedClient.deleteMany({ where })]).catch((error: unknown) =>
    logger().warn({ err: error }, "can't delete expired records of revoked tokens"),
  );
}

/**
 * Revokes every token that was issued to a client until now. `isOff` (the application is deactivated or deleted) also revokes
 * what another process issues from a stale cache. After the commit, call `announceDeployments` and `invalidateRevokedTokens`.
 */
export async function revokeClientTokens(
  tx: Database | Transaction,
  { clientId, serverId }: { clientId: string; serverId: string },
  isOff: boolean,
): Promise<void> {
  const endedAt = new Date();
  const data = { serverId, endedAt, isOff, expiresAt: new Date(endedAt.getTime() + REVOKED_CLIENT_TTL_MS) };
  await tx.endedClient.upsert({ where: { clientId }, create: { clientId, ...data }, update: data });
  invalidateRevokedTokens(serverId);
}

/**
 * Revokes one token: in this process immediately, at every gateway within 1 second. Idempotent.
 * @param tokenId the `jti` of a JWT, the SHA-256 (base64url) of an opaque token
 * @param expiresAt the token's expiry; the record is deleted after it
 */
export async function revokeToken(serverId: string, tokenId: string, expiresAt: Date): Promise<void> {
  await database().revokedToken.createMany({ data: [{ serverId, tokenId, expiresAt }], skipDuplicates: true });
  invalidateRevokedTokens(serverId);
  clean();
  await announceDeployments();
}

async function read(serverId: string): Promise<RevokedTokens> {
  const where = { serverId, expiresAt: { gt: new Date() } };
  const [revoked, clients] = await Promise.all([
    database().revokedToken.findMany({ where, select: { tokenId: true } }),
    database().endedClient.findMany({ where, select: { clientId: true, endedAt: true, isOff: true } }),
  ]);
  return {
    revoked: new Set(revoked.map((token) => token.tokenId)),
    clients: new Map(clients.map(({ clientId, endedAt, isOff }) => [clientId, { endedAt: Math.floor(endedAt.getTime() / 1000), isOff }])),
  };
}

/**
 * Concurrent callers share one read; one that starts more than 500 ms later gets a new read. A read that was invalidated while it
 * ran isn't cached.
 */
function load(serverId: string): Promise<RevokedTokens> {
  const running = loads().get(serverId);
  if (running && isRecent(running.beganAt)) return running.answer;
  if (running) return running.answer.then(() => revokedTokensOf(serverId));
  const beganAt = performance.now();
  const loading: Load = {
    beganAt,
    answer: within(read(serverId), SHARED_READ_TIMEOUT_MS)
      .then((record) => {
        if (loads().get(serverId) === loading) entries().set(serverId, { record, checkedAt: beganAt });
        return record;
      })
      .finally(() => {
        if (loads().get(serverId) === loading) loads().delete(serverId);
      }),
  };
  loads().set(serverId, loading);
  return loading.answer;
}

/**
 * A server's revoked tokens: at most 500 ms old, and immediate in the process that wrote them.
 * @throws when the database is unreachable
 */
export async function revokedTokensOf(serverId: string): Promise<RevokedTokens> {
  const known = entries().get(serverId);
  return known && isRecent(known.checkedAt) ? known.record : load(serverId);
}

/**
 * Whether an otherwise valid token was revoked, by itself or with all tokens of its client.
 * @throws when the database is unreachable
 */
export async function isRevoked(
  serverId: string,
  token: { tokenId: string; clientId: string /** Seconds since the epoch. */; issuedAt: number },
): Promise<boolean> {
  const { revoked, clients } = await revokedTokensOf(serverId);
  if (revoked.has(token.tokenId)) return true;
  const client = clients.get(token.clientId);
  return client !== undefined && (client.isOff || token.issuedAt <= client.endedAt);
}

/** Invalidates the cached revocations after a write. */
export function invalidateRevokedTokens(serverId: string): void {
  entries().delete(serverId);
  loads().delete(serverId);
}
