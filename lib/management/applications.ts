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
import { refuseInUse } from "./in-use";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import type { Preconditions } from "./preconditions";
import { checkScopes } from "./scopes";
import { findLockedServer, serverChanged } from "./server-writes";
import { changedWords, inWords } from "./words";

/** A page of applications by name. */
export async function listApplications(query: PageQuery) {
  const { args, page } = keyset({ list: "applications" }, BY_NAME, query);
  const { items, nextCursor } = page(await database().application.findMany({ ...withSecrets, ...args }));
  return { items: items.map(applicationView), nextCursor };
}

/** One application. @throws ManagementError 404 */
export async function getApplication(id: string): Promise<ApplicationView> {
  return applicationView(await loadApplication(database(), id));
}

const authenticationColumns = ({ authentication, jwks, jwksUri }: ClientAuthentication) => ({
  authentication,
  jwks: jwks === null ? Prisma.DbNull : (JSON.parse(JSON.stringify(jwks)) as Prisma.InputJsonObject),
  jwksUri,
});

const NO_KEYS: ClientAuthentication = { authentication: "client_secret", jwks: null, jwksUri: null };

/** Creates an application with one secret, which is answered this once; one that signs by its own key gets none. @throws ManagementError 400 */
export async function createApplication(
  input: z.output<typeof applicationBodySchema>,
  actor: string,
): Promise<z.output<typeof applicationCreatedSchema>> {
  const { authorizationServer: serverId, name, environment, scopes, grantTypes, dpopBound } = input;
  const authentication = clientAuthentication(NO_KEYS, input);
  const created = await inTransaction(async (tx) => {
    if (!(await findLockedServer(tx, serverId)))
      throw invalid([{ path: "authorizationServer", message: `There is no authorization server ${serverId}.` }]);
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

/** What a change of each part is called in the activity list. */
const PARTS = {
  name: "the name",
  scopes: "the scopes",
  authentication: "how it proves who it is",
  jwks: "its public keys",
  jwksUri: "where its public keys are",
  dpopBound: "whether its tokens are bound to a key",
};

async function recordChanges(tx: Transaction, before: StoredApplication, after: StoredApplication, actor: string): Promise<void> {
  const changes = changedWords(after, before, PARTS);
  if (changes.length)
    await recordApplicationActivity(tx, after.id, actor, "changed", `Changed ${inWords(changes)} of the application ${after.name}`);
  if (after.enabled === before.enabled) return;
  const summary = after.enabled
    ? `Switched on the application ${after.name}: it gets tokens again; those from before stay refused`
    : `Switched off the application ${after.name}: its tokens ended for good`;
  await recordApplicationActivity(tx, after.id, actor, after.enabled ? "switched on" : "switched off", summary);
}

/**
 * Changes an application, or switches it on or off. Switching it off ends its tokens for good: they stay refused when it is
 * switched on again.
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
 * Takes an application out of the policies that name it. A policy that names no other would then be for every application, so
 * it keeps the application from being deleted.
 */
async function leavePolicies(tx: Transaction, { id, name, serverId }: StoredApplication): Promise<void> {
  const policies = await tx.accessPolicy.findMany({ where: { serverId, applications: { has: id } }, orderBy: { priority: "asc" } });
  const alone = policies.filter((policy) => policy.applications.every((application) => application === id));
  refuseInUse(
    `The application ${name}`,
    alone.map((policy) => ({
      path: `authorization-servers/${serverId}/policies/${policy.id}`,
      name: `the access policy ${policy.name}, which is for it alone`,
    })),
    "Without it the policy would be for every application: delete the policy first, or name other applications in it.",
  );
  for (const policy of policies) {
    const applications = policy.applications.filter((application) => application !== id);
    await tx.accessPolicy.update({ where: { id: policy.id }, data: { applications } });
  }
}

/** Deletes an application; its tokens end with it. @throws ManagementError 404, 412, or 409 that names the policies which are for it alone */
export async function deleteApplication(id: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeApplication(
    id,
    async (tx, application) => {
      await leavePolicies(tx, application);
      await tx.application.delete({ where: { id } });
      await revokeClientTokens(tx, { clientId: application.clientId, serverId: application.serverId }, true);
      await recordApplicationActivity(tx, id, actor, "deleted", `Deleted the application ${application.name}: its tokens ended`);
    },
    preconditions,
  );
}
