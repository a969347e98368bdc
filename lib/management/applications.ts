import type { z } from "zod";
import type { Application, ApplicationSecret } from "@/generated/prisma/client";
import { hashClientSecret, newClientSecret } from "@/lib/authorization-server/applications";
import { issueToken, TokenDenied } from "@/lib/authorization-server/issue-token";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { inTransaction, type PageQuery, page, pageArguments, recordActivity } from "./context";
import type { ApplicationView, applicationBodySchema, applicationPatchSchema, IssuedTokenView } from "./contract/authorization";
import { invalid, ManagementError, notFound } from "./errors";

const SECRETS_MAX = 2;
/** A token made by a person for a try lives this long at most. */
const TRY_TOKEN_SECONDS = 300;

type StoredApplication = Application & { secrets: ApplicationSecret[] };

const withSecrets = { include: { secrets: { orderBy: { createdAt: "asc" } } } } as const;

const secretView = (secret: ApplicationSecret) => ({
  id: secret.id,
  hint: secret.hint,
  createdAt: secret.createdAt.toISOString(),
  lastUsedAt: secret.lastUsedAt?.toISOString() ?? null,
});

function applicationView(application: StoredApplication): ApplicationView {
  return {
    id: application.id,
    name: application.name,
    clientId: application.clientId,
    environment: application.environment === "sandbox" ? "sandbox" : "production",
    authorizationServer: application.serverId,
    scopes: application.scopes,
    grantTypes: application.grantTypes,
    enabled: application.enabled,
    secrets: application.secrets.map(secretView),
    createdAt: application.createdAt.toISOString(),
    createdBy: application.createdBy,
  };
}

async function load(tx: Transaction, id: string): Promise<StoredApplication> {
  const application = await tx.application.findUnique({ where: { id }, ...withSecrets });
  if (!application) throw notFound("application");
  return application;
}

/** A page of applications by name. */
export async function listApplications(query: PageQuery) {
  const rows = await database().application.findMany({
    ...withSecrets,
    orderBy: [{ name: "asc" }, { id: "asc" }],
    ...pageArguments(query),
  });
  const { items, nextCursor } = page(rows, query.limit);
  return { items: items.map(applicationView), nextCursor };
}

/** One application. @throws ManagementError 404 */
export async function getApplication(id: string): Promise<ApplicationView> {
  return applicationView(await load(database(), id));
}

/** Every scope of an application is one of its authorization server's. */
async function checkScopes(tx: Transaction, serverId: string, scopes: readonly string[]): Promise<void> {
  const known = await tx.scope.findMany({ where: { serverId, name: { in: [...scopes] } }, select: { name: true } });
  const problems = scopes.flatMap((scope, index) =>
    known.some((row) => row.name === scope)
      ? []
      : [{ path: `scopes[${index}]`, message: `The authorization server ${serverId} has no scope ${scope}. Create it there first.` }],
  );
  if (problems.length) throw invalid(problems);
}

async function addSecret(tx: Transaction, applicationId: string) {
  const clientSecret = newClientSecret();
  const secret = await tx.applicationSecret.create({
    data: { id: newId("csec"), applicationId, sha256: hashClientSecret(clientSecret), hint: clientSecret.slice(-4) },
  });
  return { clientSecret, secret };
}

/** Creates an application with one secret, which is answered this once. @throws ManagementError 400 */
export async function createApplication(
  input: z.output<typeof applicationBodySchema>,
  actor: string,
): Promise<ApplicationView & { clientSecret: string }> {
  return inTransaction(async (tx) => {
    const server = await tx.authorizationServer.findUnique({ where: { id: input.authorizationServer } });
    if (!server)
      throw invalid([{ path: "authorizationServer", message: `There is no authorization server ${input.authorizationServer}.` }]);
    await checkScopes(tx, server.id, input.scopes);
    const id = newId("app");
    await tx.application.create({
      data: {
        id,
        name: input.name,
        environment: input.environment,
        serverId: server.id,
        clientId: newId("client"),
        scopes: [...new Set(input.scopes)],
        grantTypes: input.grantTypes,
        createdBy: actor,
      },
    });
    const { clientSecret } = await addSecret(tx, id);
    await recordActivity(tx, {
      actor,
      action: "created",
      target: "application",
      targetId: id,
      summary: `Created the application ${input.name}`,
    });
    return { ...applicationView(await load(tx, id)), clientSecret };
  });
}

/** Changes an application. @throws ManagementError 400 or 404 */
export async function updateApplication(
  id: string,
  patch: z.output<typeof applicationPatchSchema>,
  actor: string,
): Promise<ApplicationView> {
  return inTransaction(async (tx) => {
    const application = await load(tx, id);
    if (patch.scopes) await checkScopes(tx, application.serverId, patch.scopes);
    await tx.application.update({
      where: { id },
      data: {
        ...(patch.name === undefined ? {} : { name: patch.name }),
        ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
        ...(patch.scopes === undefined ? {} : { scopes: [...new Set(patch.scopes)] }),
      },
    });
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "application",
      targetId: id,
      summary: `Changed the application ${patch.name ?? application.name}`,
    });
    return applicationView(await load(tx, id));
  });
}

/** Deletes an application. @throws ManagementError 404 */
export async function deleteApplication(id: string, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const application = await load(tx, id);
    await tx.application.delete({ where: { id } });
    await recordActivity(tx, {
      actor,
      action: "deleted",
      target: "application",
      targetId: id,
      summary: `Deleted the application ${application.name}`,
    });
  });
}

/** Adds a secret, so that credentials can be rotated with an overlap. @throws ManagementError 404 or 409 */
export async function createSecret(id: string, actor: string) {
  return inTransaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "Application" WHERE "id" = ${id} FOR UPDATE`;
    const application = await load(tx, id);
    if (application.secrets.length >= SECRETS_MAX)
      throw new ManagementError(409, "An application has at most two client secrets. Delete one first.");
    const { clientSecret, secret } = await addSecret(tx, id);
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "application",
      targetId: id,
      summary: `Added a client secret to ${application.name}`,
    });
    return { ...secretView(secret), clientSecret };
  });
}

/** Deletes a secret; it is refused from now on. @throws ManagementError 404 */
export async function deleteSecret(id: string, secretId: string, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const application = await load(tx, id);
    const { count } = await tx.applicationSecret.deleteMany({ where: { id: secretId, applicationId: id } });
    if (count === 0) throw notFound("client secret");
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "application",
      targetId: id,
      summary: `Deleted a client secret of ${application.name}`,
    });
  });
}

/** Issues a token of at most five minutes, by the issuing code, and records it. @throws ManagementError 400, 404 or 409 */
export async function issueTryToken(id: string, scopes: readonly string[], actor: string): Promise<IssuedTokenView> {
  const application = await load(database(), id);
  try {
    const token = await issueToken({ clientId: application.clientId, scopes, ttlSeconds: TRY_TOKEN_SECONDS });
    await inTransaction((tx) =>
      recordActivity(tx, {
        actor,
        action: "issued a token",
        target: "application",
        targetId: id,
        summary: `Issued a short-lived token for ${application.name}`,
      }),
    );
    return token;
  } catch (error) {
    if (!(error instanceof TokenDenied)) throw error;
    if (error.error === "invalid_scope") throw invalid([{ path: "scopes", message: error.description }]);
    throw new ManagementError(409, error.description);
  }
}
