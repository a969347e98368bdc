import type { AuthorizationServer } from "@/generated/prisma/client";
import { invalidateServer, markServerStale } from "@/lib/authorization-server/server-records";
import { database, type Transaction } from "@/lib/platform/database";
import { announceDeployments } from "@/lib/platform/redis";
import { inTransaction, recordActivity } from "./context";
import { notFound } from "./errors";

/** ID of the default authorization server, which can be deactivated but not deleted. */
export const DEFAULT_SERVER_ID = "default";

/** Reads an authorization server. @throws ManagementError 404 */
export async function loadServer(id: string): Promise<AuthorizationServer> {
  const server = await database().authorizationServer.findUnique({ where: { id } });
  if (!server) throw notFound("authorization server");
  return server;
}

/**
 * Locks an authorization server until the transaction ends; null if it doesn't exist. Its scopes, claims, policies, keys and
 * applications refer to each other, so every write of them holds this lock.
 */
export async function findLockedServer(tx: Transaction, id: string): Promise<AuthorizationServer | null> {
  await tx.$queryRaw`SELECT 1 FROM "AuthorizationServer" WHERE "id" = ${id} FOR UPDATE`;
  return tx.authorizationServer.findUnique({ where: { id } });
}

/** Locks an authorization server like {@link findLockedServer}. @throws ManagementError 404 */
export async function lockServer(tx: Transaction, id: string): Promise<AuthorizationServer> {
  const server = await findLockedServer(tx, id);
  if (!server) throw notFound("authorization server");
  return server;
}

/** Describes the effect of a write. */
interface ServerChange {
  /** The write affects token verification: cached data must not be served any more. */
  verification: boolean;
}

/** Makes this process and the gateways reload a server after a write of it or its parts. */
export function serverChanged(id: string, { verification }: ServerChange = { verification: false }): void {
  if (verification) invalidateServer(id);
  else markServerStale(id);
  void announceDeployments();
}

/** Runs a write of a server or its parts in one transaction under its lock. @throws ManagementError 404 */
export async function writeServer<T>(
  id: string,
  write: (tx: Transaction, server: AuthorizationServer) => Promise<T>,
  change?: ServerChange,
): Promise<T> {
  const result = await inTransaction(async (tx) => write(tx, await lockServer(tx, id)));
  serverChanged(id, change);
  return result;
}

/** Records an activity entry about a server. */
export function recordServerActivity(tx: Transaction, serverId: string, actor: string, action: string, summary: string): Promise<void> {
  return recordActivity(tx, { actor, action, target: "authorization-server", targetId: serverId, summary });
}
