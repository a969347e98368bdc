import {
  deleteKey,
  KEY_SET_MAX_AGE_SECONDS,
  KeyInUse,
  type KeyView,
  listKeys,
  RotatedJustNow,
  rotateKeys,
  UnreadableKey,
} from "@/lib/authorization-server/key-rotation";
import { database, type Transaction } from "@/lib/platform/database";
import { box } from "./context";
import type { SigningKeyView } from "./contract/authorization";
import { ManagementError, notFound } from "./errors";
import { type PageQuery, pageOfShortList } from "./paging";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { loadServer, recordServerActivity, writeServer } from "./server-writes";

const keyView = ({ createdAt, activatedAt, expiresAt, ...key }: KeyView): SigningKeyView =>
  tagged({
    ...key,
    createdAt: createdAt.toISOString(),
    activatedAt: activatedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  });

async function keysOf(serverId: string, query: PageQuery, tx: Transaction = database()) {
  const keys = (await listKeys(tx, serverId)).map(keyView);
  return pageOfShortList({ list: "keys", of: serverId }, keys, ({ kid }) => kid, query);
}

/** As many as a server has: the next key, the active one and the previous ones whose tokens live. */
const ALL_KEYS: PageQuery = { limit: Number.MAX_SAFE_INTEGER };

/** The signing keys of a server, without their private halves: next, active, then the previous ones. @throws ManagementError 404 */
export async function listSigningKeys(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  return keysOf(serverId, query);
}

/** One signing key of a server, without its private half. @throws ManagementError 404 */
export async function getSigningKey(serverId: string, kid: string, tx: Transaction = database()): Promise<SigningKeyView> {
  const key = (await listKeys(tx, serverId)).find((one) => one.kid === kid);
  if (!key) throw notFound("signing key");
  return keyView(key);
}

function tooSoon({ possibleAt }: RotatedJustNow): ManagementError {
  const seconds = Math.max(1, Math.ceil((possibleAt.getTime() - Date.now()) / 1000));
  const detail = `The keys were rotated just now. Clients cache key sets for ${KEY_SET_MAX_AGE_SECONDS} seconds, and the next key must be known before it signs. Rotate again after ${possibleAt.toISOString()}.`;
  return new ManagementError(409, detail, [], { "Retry-After": String(seconds) });
}

/**
 * Signs with the next key from now on; what signed so far verifies until its tokens have expired.
 * @throws ManagementError 404, or 409 while clients may not know the next key, with the time, or when it can't be decrypted
 */
export async function rotateSigningKeys(serverId: string, actor: string) {
  await loadServer(serverId);
  try {
    await rotateKeys(database(), box(), serverId);
  } catch (error) {
    if (error instanceof UnreadableKey) throw new ManagementError(409, error.message);
    throw error instanceof RotatedJustNow ? tooSoon(error) : error;
  }
  return writeServer(
    serverId,
    async (tx, server) => {
      await recordServerActivity(tx, serverId, actor, "rotated keys", `Rotated the signing keys of ${server.name}`);
      return keysOf(serverId, ALL_KEYS, tx);
    },
    { verification: true },
  );
}

/** Deletes a previous key: tokens that it signed are refused from now on. @throws ManagementError 404, or 409 for the active and the next key */
export async function deleteSigningKey(serverId: string, kid: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(
    serverId,
    async (tx, server) => {
      await checkTagOf(preconditions, () => getSigningKey(serverId, kid, tx));
      try {
        if (!(await deleteKey(tx, serverId, kid))) throw notFound("signing key");
      } catch (error) {
        if (!(error instanceof KeyInUse)) throw error;
        throw new ManagementError(409, `This key is the ${error.state} one. Only a previous key can be deleted: rotate the keys first.`);
      }
      const summary = `Deleted a previous signing key of ${server.name}: tokens that it signed are refused`;
      await recordServerActivity(tx, serverId, actor, "deleted", summary);
    },
    { verification: true },
  );
}
