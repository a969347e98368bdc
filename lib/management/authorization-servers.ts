import type { z } from "zod";
import type { AuthorizationServer } from "@/generated/prisma/client";
import { createServer, issuerOf, ServerTaken } from "@/lib/authorization-server/servers";
import { database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import { announceDeployments } from "@/lib/platform/redis";
import { box, inTransaction, type PageQuery, page, pageArguments, recordActivity } from "./context";
import type { AuthorizationServerView, authorizationServerBodySchema, ScopeView, scopeBodySchema } from "./contract/authorization";
import { invalid, ManagementError, notFound } from "./errors";

function serverView(server: AuthorizationServer): AuthorizationServerView {
  const issuer = issuerOf(server.id);
  return {
    id: server.id,
    name: server.name,
    description: server.description,
    audience: server.audience,
    enabled: server.enabled,
    issuer,
    endpoints: {
      token: `${issuer}/v1/token`,
      introspection: `${issuer}/v1/introspect`,
      keys: `${issuer}/v1/keys`,
      openidConfiguration: `${issuer}/.well-known/openid-configuration`,
      oauthMetadata: `${issuer}/.well-known/oauth-authorization-server`,
      oauthMetadataInserted: `${environment().publicUrl}/.well-known/oauth-authorization-server/oauth2/${server.id}`,
    },
    createdAt: server.createdAt.toISOString(),
  };
}

/** A page of authorization servers. */
export async function listAuthorizationServers(query: PageQuery) {
  const rows = await database().authorizationServer.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }], ...pageArguments(query) });
  const { items, nextCursor } = page(rows, query.limit);
  return { items: items.map(serverView), nextCursor };
}

async function loadServer(id: string): Promise<AuthorizationServer> {
  const server = await database().authorizationServer.findUnique({ where: { id } });
  if (!server) throw notFound("authorization server");
  return server;
}

/** One authorization server. @throws ManagementError 404 */
export async function getAuthorizationServer(id: string): Promise<AuthorizationServerView> {
  return serverView(await loadServer(id));
}

/** A short form of a name that can stand in an issuer. */
function shortForm(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

/** Creates an authorization server with its own signing key. @throws ManagementError 400 or 409 */
export async function createAuthorizationServer(
  input: z.output<typeof authorizationServerBodySchema>,
  actor: string,
): Promise<AuthorizationServerView> {
  const id = input.id ?? shortForm(input.name);
  if (!id) throw invalid([{ path: "id", message: "The name has no letters or digits to make an id from: give the id." }]);
  try {
    await createServer(database(), box(), { id, name: input.name, audience: input.audience, description: input.description });
  } catch (error) {
    if (!(error instanceof ServerTaken)) throw error;
    const message = `Another authorization server has the id ${id}. Give a different id.`;
    throw new ManagementError(409, message, [{ path: "id", message }]);
  }
  await inTransaction((tx) =>
    recordActivity(tx, {
      actor,
      action: "created",
      target: "authorization-server",
      targetId: id,
      summary: `Created the authorization server ${input.name}`,
    }),
  );
  void announceDeployments();
  return getAuthorizationServer(id);
}

const scopeView = (scope: { id: string; name: string; description: string; createdAt: Date }): ScopeView => ({
  id: scope.id,
  name: scope.name,
  description: scope.description,
  createdAt: scope.createdAt.toISOString(),
});

/** A page of a server's scopes, by name. @throws ManagementError 404 */
export async function listScopes(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  const rows = await database().scope.findMany({ where: { serverId }, orderBy: [{ name: "asc" }, { id: "asc" }], ...pageArguments(query) });
  const { items, nextCursor } = page(rows, query.limit);
  return { items: items.map(scopeView), nextCursor };
}

/** Creates a scope. @throws ManagementError 404 or 409 */
export async function createScope(serverId: string, input: z.output<typeof scopeBodySchema>, actor: string): Promise<ScopeView> {
  const server = await loadServer(serverId);
  return inTransaction(async (tx) => {
    if (await tx.scope.findUnique({ where: { serverId_name: { serverId, name: input.name } } })) {
      const message = `${server.name} has a scope ${input.name} already.`;
      throw new ManagementError(409, message, [{ path: "name", message }]);
    }
    const scope = await tx.scope.create({ data: { id: newId("scope"), serverId, ...input } });
    await recordActivity(tx, {
      actor,
      action: "created",
      target: "authorization-server",
      targetId: serverId,
      summary: `Added the scope ${input.name} to ${server.name}`,
    });
    return scopeView(scope);
  });
}

/** Deletes a scope: no token is issued with it from now on. @throws ManagementError 404 */
export async function deleteScope(serverId: string, scopeId: string, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const scope = await tx.scope.findFirst({ where: { id: scopeId, serverId } });
    if (!scope) throw notFound("scope");
    await tx.scope.delete({ where: { id: scopeId } });
    await recordActivity(tx, {
      actor,
      action: "deleted",
      target: "authorization-server",
      targetId: serverId,
      summary: `Deleted the scope ${scope.name}`,
    });
  });
}
