import type { AuthorizationServer } from "@/generated/prisma/client";
import { invalidateServer, markServerStale } from "@/lib/authorization-server/server-records";
import { database, type Transaction } from "@/lib/platform/database";
import { announceDeployments } from "@/lib/platform/redis";
import { inTransaction, recordActivity } from "./context";
import { notFound } from "./errors";

/** The authorization server that is always there: it can be disabled, not deleted. */
export const DEFAULT_SERVER_ID = "default";

/** One authorization server. @throws ManagementError 404 */
export async function loadServer(id: string): Promise<AuthorizationServer> {
  const server = await database().authorizationServer.findUnique({ where: { id } });
  if (!server) throw notFound("authorization server");
  return server;
}

/**
 * The same or null, and nobody else writes what belongs to the server before this transaction ends: its scopes, claims,
 * policies, keys and applications refer to each other, so that a check made now still holds when the write is done.
 */
export async function findLockedServer(tx: Transaction, id: string): Promise<AuthorizationServer | null> {
  await tx.$queryRaw`SELECT 1 FROM "AuthorizationServer" WHERE "id" = ${id} FOR UPDATE`;
  return tx.authorizationServer.findUnique({ where: { id } });
}

/** The same. @throws ManagementError 404 */
export async function lockServer(tx: Transaction, id: string): Promise<AuthorizationServer> {
  const server = await findLockedServer(tx, id);
  if (!server) throw notFound("authorization server");
  return server;
}

/** What a write changes. */
interface ServerChange {
  /** What tokens are verified with: nothing of it may be served any more. */
  verification: boolean;
}

/** Lets this process and the gateways read a server again at once, after a write of it or of what belongs to it. */
export function serverChanged(id: string, { verification }: ServerChange = { verification: false }): void {
  if (verification) invalidateServer(id);
  else markServerStale(id);
  void announceDeployments();
}

/** Runs a write of a server, or of what belongs to it, in one transaction under its lock. @throws ManagementError 404 */
export async function writeServer<T>(
  id: string,
  write: (tx: Transaction, server: AuthorizationServer) => Promise<T>,
  change?: ServerChange,
): Promise<T> {
  const result = await inTransaction(async (tx) => write(tx, await lockServer(tx, id)));
  serverChanged(id, change);
  return result;
}

/** Adds a line about a server to the activity list. */
export function recordServerActivity(tx: Transaction, serverId: string, actor: string, action: string, summary: string): Promise<void> {
  return recordActivity(tx, { actor, action, target: "authorization-server", targetId: serverId, summary });
}
