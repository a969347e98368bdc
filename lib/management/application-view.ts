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

/** An application row with its secrets, oldest first. */
export type StoredApplication = Application & { secrets: ApplicationSecret[] };

/** Prisma arguments that include the secrets. */
export const withSecrets = { include: { secrets: { orderBy: { createdAt: "asc" } } } } as const;

const storedKeysSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) }).nullable();

/** Returns an application's client authentication. */
export function authenticationOf(application: Application): ClientAuthentication {
  return {
    authentication: applicationSchema.shape.authentication.parse(application.authentication),
    jwks: storedKeysSchema.parse(application.jwks),
    jwksUri: application.jwksUri,
  };
}

/** Converts a client secret to its API representation, without the secret. */
export const secretView = (secret: ApplicationSecret) => ({
  id: secret.id,
  hint: secret.hint,
  createdAt: secret.createdAt.toISOString(),
  lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
  expiresAt: secret.expiresAt?.toISOString() ?? null,
});

/**
 * Returns an application's ETag: a part for its settings and one for when its secrets were last used. Writes compare the first
 * part only, because issuing a token doesn't change the application.
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

/** Converts an application row to its API representation. */
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
 * Runs a write in one transaction under the authorization server's lock, because scopes, policies and applications refer to each
 * other. Then invalidates the cached client in this process and notifies the gateways.
 * @param preconditions compared under the lock
 * @throws ManagementError 404 or 412
 */
export async function writeApplication<T>(
  id: string,
  write: (tx: Transaction, application: StoredApplication) => Promise<T>,
  preconditions?: Preconditions,
): Promise<T> {
  const { result, clientId, serverId } = await inTransaction(async (tx) => {
    // An application's server never changes, so it can be read before it is locked.
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

/** Records an activity entry about an application. */
export function recordApplicationActivity(tx: Transaction, id: string, actor: string, action: string, summary: string): Promise<void> {
  return recordActivity(tx, { actor, action, target: "application", targetId: id, summary });
}
