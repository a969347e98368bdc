import type { z } from "zod";
import type { Scope } from "@/generated/prisma/client";
import type { Problem } from "@/lib/definition/problems";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import type { ScopeView, scopeBodySchema, scopePatchSchema } from "./contract/authorization";
import { invalid, ManagementError, notFound } from "./errors";
import { rejectInUse, usesOfScope } from "./in-use";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { loadServer, recordServerActivity, writeServer } from "./server-writes";
import { changedWords, inWords } from "./words";

/** All scopes of a server are held in memory to issue tokens. */
const SCOPES_MAX = 1000;

const scopeView = (scope: Scope): ScopeView =>
  tagged({
    id: scope.id,
    name: scope.name,
    description: scope.description,
    default: scope.isDefault,
    published: scope.published,
    createdAt: scope.createdAt.toISOString(),
  });

/** Scopes from a request, with their path in it. */
export interface SentScopes {
  path: string;
  scopes: readonly string[];
}

/**
 * Checks that each scope belongs to the authorization server. Call it under the server's lock.
 * @throws ManagementError 400 at the path of each unknown scope
 */
export async function checkScopes(tx: Transaction, serverId: string, lists: readonly SentScopes[]): Promise<void> {
  const names = [...new Set(lists.flatMap(({ scopes }) => scopes))];
  if (names.length === 0) return;
  const rows = await tx.scope.findMany({ where: { serverId, name: { in: names } }, select: { name: true } });
  const known = new Set(rows.map((row) => row.name));
  const problems = lists.flatMap(({ path, scopes }) =>
    scopes.flatMap((scope, index): Problem[] =>
      known.has(scope)
        ? []
        : [
            {
              path: `${path}[${index}]`,
              message: `The authorization server ${serverId} has no scope ${scope}. Create it there first.`,
            },
          ],
    ),
  );
  if (problems.length) throw invalid(problems);
}

/** Returns a page of a server's scopes by name. @throws ManagementError 404 */
export async function listScopes(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  const { args, page } = keyset({ list: "scopes", of: serverId }, BY_NAME, query);
  const { items, nextCursor } = page(await database().scope.findMany({ ...args, where: { ...args.where, serverId } }));
  return { items: items.map(scopeView), nextCursor };
}

/** Creates a scope. @throws ManagementError 400, 404 or 409 */
export async function createScope(serverId: string, input: z.output<typeof scopeBodySchema>, actor: string): Promise<ScopeView> {
  return writeServer(serverId, async (tx, server) => {
    const { name, description, published } = input;
    if (await tx.scope.findUnique({ where: { serverId_name: { serverId, name } } })) {
      const message = `${server.name} already has a scope ${name}. Choose another name, or change that scope.`;
      throw new ManagementError(409, message, [{ path: "name", message }]);
    }
    if ((await tx.scope.count({ where: { serverId } })) >= SCOPES_MAX)
      throw invalid([{ path: "", message: `An authorization server can have ${SCOPES_MAX} scopes. Delete one first.` }]);
    const scope = await tx.scope.create({
      data: { id: newId("scope"), serverId, name, description, published, isDefault: input.default },
    });
    await recordServerActivity(tx, serverId, actor, "created", `Added the scope ${name} to ${server.name}`);
    return scopeView(scope);
  });
}

async function findScope(tx: Transaction, serverId: string, scopeId: string): Promise<Scope> {
  const scope = await tx.scope.findFirst({ where: { id: scopeId, serverId } });
  if (!scope) throw notFound("scope");
  return scope;
}

/** Returns a scope. @throws ManagementError 404 */
export async function getScope(serverId: string, scopeId: string): Promise<ScopeView> {
  return scopeView(await findScope(database(), serverId, scopeId));
}

/** Updates a scope, except its name, which issued tokens contain. @throws ManagementError 404 or 412 */
export async function updateScope(
  serverId: string,
  scopeId: string,
  patch: z.output<typeof scopePatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<ScopeView> {
  return writeServer(serverId, async (tx, server) => {
    const before = await findScope(tx, serverId, scopeId);
    await checkTagOf(preconditions, () => scopeView(before));
    const { default: isDefault, description, published } = patch;
    const scope = await tx.scope.update({
      where: { id: scopeId },
      data: {
        ...(description === undefined ? {} : { description }),
        ...(isDefault === undefined ? {} : { isDefault }),
        ...(published === undefined ? {} : { published }),
      },
    });
    const changes = changedWords({ description, isDefault, published }, before, {
      description: "the description",
      isDefault: "the default setting",
      published: "the published setting",
    });
    if (changes.length) {
      const summary = `Changed the scope ${scope.name} of ${server.name}: ${inWords(changes)}`;
      await recordServerActivity(tx, serverId, actor, "changed", summary);
    }
    return scopeView(scope);
  });
}

/** Deletes an unused scope. @throws ManagementError 404, 412, or 409 that names the uses */
export async function deleteScope(serverId: string, scopeId: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(serverId, async (tx, server) => {
    const scope = await findScope(tx, serverId, scopeId);
    await checkTagOf(preconditions, () => scopeView(scope));
    rejectInUse(`The scope ${scope.name}`, await usesOfScope(tx, serverId, scope.name), "Remove it there first.");
    await tx.scope.delete({ where: { id: scopeId } });
    await recordServerActivity(tx, serverId, actor, "deleted", `Deleted the scope ${scope.name} of ${server.name}`);
  });
}
