import type { z } from "zod";
import { Prisma } from "@/generated/prisma/client";
import { revokeClientTokens } from "@/lib/authorization-server/revoked-tokens";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { addSecret } from "./application-secrets";
import {
  applicationView,
  authenticationOf,
  loadApplication,
  recordApplicationActivity,
  type StoredApplication,
  withSecrets,
  writeApplication,
} from "./application-view";
import { type ClientAuthentication, clientAuthentication } from "./client-keys";
import { inTransaction } from "./context";
import type { ApplicationView, applicationBodySchema, applicationCreatedSchema, applicationPatchSchema } from "./contract/authorization";
import { invalid } from "./errors";
import { rejectInUse } from "./in-use";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import type { Preconditions } from "./preconditions";
import { checkScopes } from "./scopes";
import { findLockedServer, serverChanged } from "./server-writes";
import { changedWords, inWords } from "./words";

/** Returns a page of applications by name. */
export async function listApplications(query: PageQuery) {
  const { args, page } = keyset({ list: "applications" }, BY_NAME, query);
  const { items, nextCursor } = page(await database().application.findMany({ ...withSecrets, ...args }));
  return { items: items.map(applicationView), nextCursor };
}

/** Returns an application. @throws ManagementError 404 */
export async function getApplication(id: string): Promise<ApplicationView> {
  return applicationView(await loadApplication(database(), id));
}

const authenticationColumns = ({ authentication, jwks, jwksUri }: ClientAuthentication) => ({
  authentication,
  jwks: jwks === null ? Prisma.DbNull : (JSON.parse(JSON.stringify(jwks)) as Prisma.InputJsonObject),
  jwksUri,
});

const NO_KEYS: ClientAuthentication = { authentication: "client_secret", jwks: null, jwksUri: null };

/** Creates an application and returns its client secret, which is null with private_key_jwt. @throws ManagementError 400 */
export async function createApplication(
  input: z.output<typeof applicationBodySchema>,
  actor: string,
): Promise<z.output<typeof applicationCreatedSchema>> {
  const { authorizationServer: serverId, name, environment, scopes, grantTypes, dpopBound } = input;
  const authentication = clientAuthentication(NO_KEYS, input);
  const created = await inTransaction(async (tx) => {
    if (!(await findLockedServer(tx, serverId)))
      throw invalid([
        { path: "authorizationServer", message: `Authorization server ${serverId} not found. Send the ID of an existing one.` },
      ]);
    await checkScopes(tx, serverId, [{ path: "scopes", scopes }]);
    const id = newId("app");
    await tx.application.create({
      data: {
        id,
        name,
        environment,
        serverId,
        clientId: newId("client"),
        scopes: [...new Set(scopes)],
        grantTypes: [...new Set(grantTypes)],
        ...authenticationColumns(authentication),
        dpopBound,
        createdBy: actor,
      },
    });
    const secret = authentication.authentication === "private_key_jwt" ? null : await addSecret(tx, id);
    await recordApplicationActivity(tx, id, actor, "created", `Created the application ${name}`);
    return { ...applicationView(await loadApplication(tx, id)), clientSecret: secret?.clientSecret ?? null };
  });
  serverChanged(serverId);
  return created;
}

/** Names of the properties in activity entries. */
const PARTS = {
  name: "the name",
  scopes: "the scopes",
  authentication: "the client authentication",
  jwks: "the public keys",
  jwksUri: "the key set URL",
  dpopBound: "the DPoP requirement",
};

async function recordChanges(tx: Transaction, before: StoredApplication, after: StoredApplication, actor: string): Promise<void> {
  const changes = changedWords(after, before, PARTS);
  if (changes.length)
    await recordApplicationActivity(tx, after.id, actor, "changed", `Changed ${inWords(changes)} of the application ${after.name}`);
  if (after.enabled === before.enabled) return;
  const summary = after.enabled
    ? `Activated the application ${after.name}: it can request new tokens; earlier ones remain revoked`
    : `Deactivated the application ${after.name}: its tokens are revoked permanently`;
  await recordApplicationActivity(tx, after.id, actor, after.enabled ? "activated" : "deactivated", summary);
}

/**
 * Updates, activates or deactivates an application. Deactivation revokes its tokens permanently, also if it is activated again.
 * @throws ManagementError 400, 404 or 412
 */
export async function updateApplication(
  id: string,
  patch: z.output<typeof applicationPatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<ApplicationView> {
  return writeApplication(
    id,
    async (tx, before) => {
      const { name, scopes, enabled, dpopBound } = patch;
      if (scopes) await checkScopes(tx, before.serverId, [{ path: "scopes", scopes }]);
      await tx.application.update({
        where: { id },
        data: {
          ...(name === undefined ? {} : { name }),
          ...(enabled === undefined ? {} : { enabled }),
          ...(scopes === undefined ? {} : { scopes: [...new Set(scopes)] }),
          ...(dpopBound === undefined ? {} : { dpopBound }),
          ...authenticationColumns(clientAuthentication(authenticationOf(before), patch)),
        },
      });
      const after = await loadApplication(tx, id);
      if (after.enabled !== before.enabled)
        await revokeClientTokens(tx, { clientId: before.clientId, serverId: before.serverId }, !after.enabled);
      await recordChanges(tx, before, after, actor);
      return applicationView(after);
    },
    preconditions,
  );
}

/**
 * Removes an application from the access policies that list it. A policy without applications applies to all of them, so one
 * that lists no other prevents the deletion.
 * @throws ManagementError 409
 */
async function leavePolicies(tx: Transaction, { id, name, serverId }: StoredApplication): Promise<void> {
  const policies = await tx.accessPolicy.findMany({ where: { serverId, applications: { has: id } }, orderBy: { priority: "asc" } });
  const alone = policies.filter((policy) => policy.applications.every((application) => application === id));
  rejectInUse(
    `The application ${name}`,
    alone.map((policy) => ({
      path: `authorization-servers/${serverId}/policies/${policy.id}`,
      name: `the access policy ${policy.name}, which lists no other application`,
    })),
    "Without it, the policy would apply to every application. Delete the policy first, or add other applications to it.",
  );
  for (const policy of policies) {
    const applications = policy.applications.filter((application) => application !== id);
    await tx.accessPolicy.update({ where: { id: policy.id }, data: { applications } });
  }
}

/** Deletes an application and revokes its tokens. @throws ManagementError 404, 412, or 409 if a policy lists no other application */
export async function deleteApplication(id: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeApplication(
    id,
    async (tx, application) => {
      await leavePolicies(tx, application);
      await tx.application.delete({ where: { id } });
      await revokeClientTokens(tx, { clientId: application.clientId, serverId: application.serverId }, true);
      await recordApplicationActivity(tx, id, actor, "deleted", `Deleted the application ${application.name}: its tokens are revoked`);
    },
    preconditions,
  );
}
