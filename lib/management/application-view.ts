import { z } from "zod";
import type { Application, ApplicationSecret } from "@/generated/prisma/client";
import { invalidateApplication } from "@/lib/authorization-server/clients";
import { invalidateRevokedTokens } from "@/lib/authorization-server/revoked-tokens";
import type { Transaction } from "@/lib/platform/database";
import type { ClientAuthentication } from "./client-keys";
import { inTransaction, recordActivity } from "./context";
import { type ApplicationView, applicationSchema } from "./contract/authorization";
import { notFound } from "./errors";
import { checkPreconditions, contentTag, type Preconditions } from "./preconditions";
import { lockServer, serverChanged } from "./server-writes";

/** An application as it is stored, with its secrets, oldest first. */
export type StoredApplication = Application & { secrets: ApplicationSecret[] };

/** The argument that reads an application with its secrets. */
export const withSecrets = { include: { secrets: { orderBy: { createdAt: "asc" } } } } as const;

const storedKeysSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).nullable();

/** How a stored application proves who it is. */
export function authenticationOf(application: Application): ClientAuthentication {
  return {
    authentication: applicationSchema.shape.authentication.parse(application.authentication),
    jwks: storedKeysSchema.parse(application.jwks),
    jwksUri: application.jwksUri,
  };
}

/** What a client secret looks like from outside: never the secret. */
export const secretView = (secret: ApplicationSecret) => ({
  id: secret.id,
  hint: secret.hint,
  createdAt: secret.createdAt.toISOString(),
  lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
  expiresAt: secret.expiresAt?.toISOString() ?? null,
});

/**
 * The ETag of an application: of its settings, and of when its secrets were used last. Preconditions of writes are compared
 * with the first part alone, because a token that is issued meanwhile is no change of the application.
 */
function applicationTag(view: Omit<ApplicationView, "etag">): string {
  const { secrets, ...settings } = view;
  const named = contentTag({ ...settings, secrets: secrets.map(({ lastUsedAt: _, ...secret }) => secret) });
  return `${named.slice(0, -1)}.${contentTag(secrets.map(({ lastUsedAt }) => lastUsedAt)).slice(1)}`;
}

const withoutUse = (tags: string) => tags.replace(/\.[A-Za-z0-9_-]+(?=(?:[-;][a-z]+)?")/g, "");

/** Compares preconditions with an application. @throws ManagementError 412 */
export function checkApplication(sent: Preconditions | undefined, application: StoredApplication): void {
  if (sent?.ifMatch === undefined && sent?.ifNoneMatch === undefined) return;
  const { ifMatch, ifNoneMatch } = sent;
  const { etag } = applicationView(application);
  checkPreconditions({ ifMatch: ifMatch && withoutUse(ifMatch), ifNoneMatch: ifNoneMatch && withoutUse(ifNoneMatch) }, [withoutUse(etag)]);
}

/** What an application looks like from outside. */
export function applicationView(application: StoredApplication): ApplicationView {
  const view: Omit<ApplicationView, "etag"> = {
    id: application.id,
    name: application.name,
    clientId: application.clientId,
    environment: application.environment === "sandbox" ? "sandbox" : "production",
    authorizationServer: application.serverId,
    scopes: application.scopes,
    grantTypes: application.grantTypes,
    enabled: application.enabled,
    ...applicationKeys(application),
    dpopBound: application.dpopBound,
    secrets: application.secrets.map(secretView),
    createdAt: application.createdAt.toISOString(),
    createdBy: application.createdBy,
  };
  return { ...view, etag: applicationTag(view) };
}

function applicationKeys(application: Application): Pick<ApplicationView, "authentication" | "jwks" | "jwksUri"> {
  const { authentication, jwksUri } = authenticationOf(application);
  return { authentication, jwks: z.json().nullable().parse(application.jwks), jwksUri };
}

/** Reads an application. @throws ManagementError 404 */
export async function loadApplication(tx: Transaction, id: string): Promise<StoredApplication> {
  const application = await tx.application.findUnique({ where: { id }, ...withSecrets });
  if (!application) throw notFound("application");
  return application;
}

/**
 * Runs a write of an application in one transaction. It holds the lock of the authorization server, whose scopes and policies
 * refer to applications and the other way round; afterwards this process and the gateways learn of it at once.
 * @param preconditions are compared under the lock
 * @throws ManagementError 404 or 412
 */
export async function writeApplication<T>(
  id: string,
  write: (tx: Transaction, application: StoredApplication) => Promise<T>,
  preconditions?: Preconditions,
): Promise<T> {
  const { result, clientId, serverId } = await inTransaction(async (tx) => {
    // The server of an application never changes, so its lock can be found without one.
    const { serverId } = await loadApplication(tx, id);
    await lockServer(tx, serverId);
    const application = await loadApplication(tx, id);
    checkApplication(preconditions, application);
    return { result: await write(tx, application), clientId: application.clientId, serverId };
  });
  invalidateApplication(clientId);
  invalidateRevokedTokens(serverId);
  serverChanged(serverId);
  return result;
}

/** Adds a line about an application to the activity list. */
export function recordApplicationActivity(tx: Transaction, id: string, actor: string, action: string, summary: string): Promise<void> {
  return recordActivity(tx, { actor, action, target: "application", targetId: id, summary });
}
