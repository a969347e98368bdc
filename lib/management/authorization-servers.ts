import type { z } from "zod";
import type { AuthorizationServer } from "@/generated/prisma/client";
import { createServer, issuerOf, ServerTaken } from "@/lib/authorization-server/servers";
import { database, type Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { box } from "./context";
import type { AuthorizationServerView, authorizationServerBodySchema, authorizationServerPatchSchema } from "./contract/authorization";
import { invalid, ManagementError, notFound } from "./errors";
import { rejectInUse, usesOfServer } from "./in-use";
import { keyset, type PageQuery, type SortColumn } from "./paging";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { DEFAULT_SERVER_ID, recordServerActivity, writeServer } from "./server-writes";
import { changedWords, inWords } from "./words";

const DAY_MS = 24 * 60 * 60 * 1000;

const withActiveKey = { include: { keys: { where: { state: "active" }, select: { activatedAt: true, createdAt: true } } } } as const;

type StoredServer = AuthorizationServer & { keys: { activatedAt: Date | null; createdAt: Date }[] };

function nextRotation({ rotationDays, keys: [active] }: StoredServer): string | null {
  if (rotationDays === null || !active) return null;
  const since = active.activatedAt ?? active.createdAt;
  return new Date(since.getTime() + rotationDays * DAY_MS).toISOString();
}

function serverView(server: StoredServer): AuthorizationServerView {
  const issuer = issuerOf(server.id);
  const { publicUrl } = environment();
  return tagged({
    id: server.id,
    name: server.name,
    description: server.description,
    audience: server.audience,
    enabled: server.enabled,
    isDefault: server.id === DEFAULT_SERVER_ID,
    tokenFormat: server.tokenFormat === "opaque" ? ("opaque" as const) : ("jwt" as const),
    oktaClaims: server.oktaClaims,
    rotationDays: server.rotationDays,
    nextRotationAt: nextRotation(server),
    issuer,
    endpoints: {
      token: `${issuer}/v1/token`,
      introspection: `${issuer}/v1/introspect`,
      revocation: `${issuer}/v1/revoke`,
      keys: `${issuer}/v1/keys`,
      openidConfiguration: `${issuer}/.well-known/openid-configuration`,
      oauthMetadata: `${issuer}/.well-known/oauth-authorization-server`,
      oauthMetadataInserted: `${publicUrl}/.well-known/oauth-authorization-server/oauth2/${server.id}`,
      amToken: `${publicUrl}/am/${server.id}/oauth/token`,
    },
    createdAt: server.createdAt.toISOString(),
  });
}

const BY_AGE: readonly SortColumn[] = [
  { column: "createdAt", order: "asc", isTime: true },
  { column: "id", order: "asc" },
];

/** Returns a page of authorization servers, oldest first. */
export async function listAuthorizationServers(query: PageQuery) {
  const { args, page } = keyset({ list: "authorization-servers" }, BY_AGE, query);
  const { items, nextCursor } = page(await database().authorizationServer.findMany({ ...withActiveKey, ...args }));
  return { items: items.map(serverView), nextCursor };
}

/** Returns an authorization server. @throws ManagementError 404 */
export async function getAuthorizationServer(id: string, tx: Transaction = database()): Promise<AuthorizationServerView> {
  const server = await tx.authorizationServer.findUnique({ where: { id }, ...withActiveKey });
  if (!server) throw notFound("authorization server");
  return serverView(server);
}

/** Derives an ID for the issuer URL from a name; empty if the name has no usable characters. */
function shortForm(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
}

/** Creates an authorization server with signing keys and a policy for all applications. @throws ManagementError 400 or 409 */
export async function createAuthorizationServer(
  input: z.output<typeof authorizationServerBodySchema>,
  actor: string,
): Promise<AuthorizationServerView> {
  const id = input.id ?? shortForm(input.name);
  if (!id) throw invalid([{ path: "id", message: "The name has no letters or digits to derive an ID from. Send an ID." }]);
  try {
    await createServer(database(), box(), { ...input, id });
  } catch (error) {
    if (!(error instanceof ServerTaken)) throw error;
    const message = `The ID ${id} is taken by another authorization server. Send a different ID.`;
    throw new ManagementError(409, message, [{ path: "id", message }]);
  }
  return writeServer(id, async (tx) => {
    await recordServerActivity(tx, id, actor, "created", `Created the authorization server ${input.name}`);
    return getAuthorizationServer(id, tx);
  });
}

/** Names of the settings in activity entries. */
const SETTINGS = {
  name: "the name",
  description: "the description",
  audience: "the audience",
  tokenFormat: "the token format",
  oktaClaims: "Okta's claims",
  rotationDays: "the key rotation interval",
};

/** Updates, activates or deactivates an authorization server. An inactive one issues no tokens, and its tokens are rejected. @throws ManagementError 404 or 412 */
export async function updateAuthorizationServer(
  id: string,
  patch: z.output<typeof authorizationServerPatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<AuthorizationServerView> {
  return writeServer(
    id,
    async (tx, before) => {
      await checkTagOf(preconditions, () => getAuthorizationServer(id, tx));
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      await tx.authorizationServer.update({ where: { id }, data: given });
      const name = patch.name ?? before.name;
      const changes = changedWords(patch, before, SETTINGS);
      if (changes.length)
        await recordServerActivity(tx, id, actor, "changed", `Changed ${inWords(changes)} of the authorization server ${name}`);
      if (patch.enabled !== undefined && patch.enabled !== before.enabled) {
        const summary = patch.enabled
          ? `Activated the authorization server ${name}`
          : `Deactivated the authorization server ${name}: its tokens are rejected`;
        await recordServerActivity(tx, id, actor, patch.enabled ? "activated" : "deactivated", summary);
      }
      return getAuthorizationServer(id, tx);
    },
    { verification: true },
  );
}

/**
 * Deletes an unused authorization server with its keys, scopes, claims and policies. Deletes its stored tokens too, which would
 * otherwise be valid again at a new server with the same ID.
 * @throws ManagementError 404, 412, or 409 for the default server and one in use
 */
export async function deleteAuthorizationServer(id: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(
    id,
    async (tx, server) => {
      await checkTagOf(preconditions, () => getAuthorizationServer(id, tx));
      if (id === DEFAULT_SERVER_ID)
        throw new ManagementError(
          409,
          "The default authorization server can't be deleted. Deactivate it instead: gateways then reject its tokens.",
        );
      rejectInUse(
        `The authorization server ${server.name}`,
        await usesOfServer(tx, id),
        "Delete or move those first, or deactivate the server.",
      );
      await tx.authorizationServer.delete({ where: { id } });
      await tx.oidcRecord.deleteMany({ where: { serverId: id } });
      await recordServerActivity(tx, id, actor, "deleted", `Deleted the authorization server ${server.name}`);
    },
    { verification: true },
  );
}
