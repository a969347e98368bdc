import { LRUCache } from "lru-cache";
import { type Database, database, type Transaction } from "@/lib/platform/database";
import { SHARED_READ_TIMEOUT_MS, within } from "@/lib/platform/database-unavailable";
import { logger } from "@/lib/platform/log";
import { announceDeployments } from "@/lib/platform/redis";
import { singleton } from "@/lib/platform/singleton";

/** How old an answer may be. */
const FRESH_MS = 500;
const CLEAN_EVERY_MS = 60_000;
const SERVERS_MAX = 1000;
/** No token lives longer than a day; the hour is for clocks that differ. */
const ENDED_CLIENT_TTL_MS = 25 * 60 * 60 * 1000;

/** What of a server's tokens is good no longer although their time is not over. */
export interface EndedRecord {
  /** The `jti` of JWTs, the SHA-256 (base64url) of opaque tokens. */
  readonly revoked: ReadonlySet<string>;
  /** By client id: what was issued at `endedAt` (seconds since the epoch) or before is refused, and everything while the client is off. */
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

interface Entry {
  record: EndedRecord;
  /** Milliseconds of `performance.now()`, when its reading began. */
  checkedAt: number;
}

/** A read that runs. */
interface Load {
  /** Milliseconds of `performance.now()` */
  beganAt: number;
  answer: Promise<EndedRecord>;
}

const isRecent = (at: number): boolean => performance.now() - at < FRESH_MS;

const entries = () => singleton("ended-tokens", () => new LRUCache<string, Entry>({ max: SERVERS_MAX }));
const loads = () => singleton("ended-token-loads", () => new Map<string, Load>());
const cleaning = () => singleton("ended-tokens-cleaning", () => ({ at: Number.NEGATIVE_INFINITY }));

/** Deletes what nobody asks for any more, at most once a minute in a process, beside the write that led here. */
function clean(): void {
  const state = cleaning();
  if (performance.now() - state.at < CLEAN_EVERY_MS) return;
  state.at = performance.now();
  const where = { expiresAt: { lt: new Date() } };
  Promise.all([database().revokedToken.deleteMany({ where }), database().endedClient.deleteMany({ where })]).catch((error: unknown) =>
    logger().warn({ err: error }, "expired records of ended tokens could not be deleted"),
  );
}

/**
 * Ends every token that a client has: those issued up to this moment stay refused for good, and with `isOff` also whatever
 * another process issues from a memory that is half a second old. Call it with `isOff` when an application is switched off or
 * deleted, and without when it is switched on again. After the commit the caller announces (`announceDeployments`) and
 * calls `forgetEnded`.
 */
export async function endClient(
  tx: Database | Transaction,
  { clientId, serverId }: { clientId: string; serverId: string },
  isOff: boolean,
): Promise<void> {
  const endedAt = new Date();
  const data = { serverId, endedAt, isOff, expiresAt: new Date(endedAt.getTime() + ENDED_CLIENT_TTL_MS) };
  await tx.endedClient.upsert({ where: { clientId }, create: { clientId, ...data }, update: data });
  forgetEnded(serverId);
}

/**
 * Revokes one token, here at once and at every gateway within a second. Revoking it again changes nothing.
 * @param tokenId the `jti` of a JWT, the SHA-256 (base64url) of an opaque token
 * @param expiresAt when it would have expired: until then it is remembered
 */
export async function revokeToken(serverId: string, tokenId: string, expiresAt: Date): Promise<void> {
  await database().revokedToken.createMany({ data: [{ serverId, tokenId, expiresAt }], skipDuplicates: true });
  forgetEnded(serverId);
  clean();
  await announceDeployments();
}

async function read(serverId: string): Promise<EndedRecord> {
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
 * One read for all who ask at the same time; who asks when it has been under way for long waits for another one. What was
 * forgotten while it ran is not kept.
 */
function load(serverId: string): Promise<EndedRecord> {
  const running = loads().get(serverId);
  if (running && isRecent(running.beganAt)) return running.answer;
  if (running) return running.answer.then(() => endedTokensOf(serverId));
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
 * What of a server's tokens has ended: at most half a second old, and in the process that wrote it at once.
 * @throws when the database is away
 */
export async function endedTokensOf(serverId: string): Promise<EndedRecord> {
  const known = entries().get(serverId);
  return known && isRecent(known.checkedAt) ? known.record : load(serverId);
}

/**
 * Whether a token that is otherwise good was revoked or its client has ended.
 * @throws when the database is away: nobody can say then
 */
export async function isEnded(
  serverId: string,
  token: { tokenId: string; clientId: string /** Seconds since the epoch. */; issuedAt: number },
): Promise<boolean> {
  const { revoked, clients } = await endedTokensOf(serverId);
  if (revoked.has(token.tokenId)) return true;
  const client = clients.get(token.clientId);
  return client !== undefined && (client.isOff || token.issuedAt <= client.endedAt);
}

/** Makes the next question read the database: for whoever just wrote. */
export function forgetEnded(serverId: string): void {
  entries().delete(serverId);
  loads().delete(serverId);
}
