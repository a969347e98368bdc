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

/** Keys per server are few: next, active, and previous ones with unexpired tokens. */
const ALL_KEYS: PageQuery = { limit: Number.MAX_SAFE_INTEGER };

/** Returns a server's signing keys without private keys: next, active, previous. @throws ManagementError 404 */
export async function listSigningKeys(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  return keysOf(serverId, query);
}

/** Returns a signing key without its private key. @throws ManagementError 404 */
export async function getSigningKey(serverId: string, kid: string, tx: Transaction = database()): Promise<SigningKeyView> {
  const key = (await listKeys(tx, serverId)).find((one) => one.kid === kid);
  if (!key) throw notFound("signing key");
  return keyView(key);
}

function tooSoon({ possibleAt }: RotatedJustNow): ManagementError {
  const seconds = Math.max(1, Math.ceil((possibleAt.getTime() - Date.now()) / 1000));
  const detail = `The keys were rotated less than ${KEY_SET_MAX_AGE_SECONDS} seconds ago, and clients may not have fetched the next key yet. Rotate again after ${possibleAt.toISOString()}.`;
  return new ManagementError(409, detail, [], { "Retry-After": String(seconds) });
}

/**
 * Activates the next signing key. The previous key verifies tokens until they expire.
 * @throws ManagementError 404, or 409 while clients may not have fetched the next key, or if it can't be decrypted
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

/** Deletes a previous key; the tokens it signed are rejected. @throws ManagementError 404, 412, or 409 for the active and next key */
export async function deleteSigningKey(serverId: string, kid: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(
    serverId,
    async (tx, server) => {
      await checkTagOf(preconditions, () => getSigningKey(serverId, kid, tx));
      try {
        if (!(await deleteKey(tx, serverId, kid))) throw notFound("signing key");
      } catch (error) {
        if (!(error instanceof KeyInUse)) throw error;
        throw new ManagementError(409, `The ${error.state} key can't be deleted. Rotate the keys first, then delete it as a previous key.`);
      }
      const summary = `Deleted a previous signing key of ${server.name}: the tokens it signed are rejected`;
      await recordServerActivity(tx, serverId, actor, "deleted", summary);
    },
    { verification: true },
  );
}
