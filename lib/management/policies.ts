import type { z } from "zod";
import type { AccessPolicy, AccessRule } from "@/generated/prisma/client";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import type { AccessPolicyView, accessPolicyBodySchema, accessPolicyPatchSchema } from "./contract/authorization";
import { invalid, notFound } from "./errors";
import { type PageQuery, pageOfShortList } from "./paging";
import { renumbered } from "./places";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { addRules, ruleView } from "./rules";
import { checkScopes } from "./scopes";
import { loadServer, recordServerActivity, writeServer } from "./server-writes";
import { changedWords, inWords } from "./words";

/** Every policy may be evaluated for each token of its server. */
const POLICIES_MAX = 100;

type StoredPolicy = AccessPolicy & { rules: AccessRule[] };

const inOrder: ({ priority: "asc" } | { id: "asc" })[] = [{ priority: "asc" }, { id: "asc" }];
const withRules = { include: { rules: { orderBy: inOrder } } };

function policyView(policy: StoredPolicy): AccessPolicyView {
  return tagged({
    id: policy.id,
    name: policy.name,
    description: policy.description,
    priority: policy.priority,
    enabled: policy.enabled,
    applications: policy.applications,
    rules: policy.rules.map(ruleView),
    createdAt: policy.createdAt.toISOString(),
  });
}

async function findPolicy(tx: Transaction, serverId: string, id: string): Promise<StoredPolicy> {
  const policy = await tx.accessPolicy.findFirst({ where: { id, serverId }, ...withRules });
  if (!policy) throw notFound("access policy");
  return policy;
}

/** Checks that each application belongs to the server. @throws ManagementError 400 */
async function checkApplications(tx: Transaction, serverId: string, ids: readonly string[]): Promise<void> {
  const rows = await tx.application.findMany({ where: { serverId, id: { in: [...ids] } }, select: { id: true } });
  const known = new Set(rows.map((row) => row.id));
  const problems = ids.flatMap((id, index) =>
    known.has(id)
      ? []
      : [
          {
            path: `applications[${index}]`,
            message: `The authorization server ${serverId} has no application ${id}. Remove it, or send one of the server's.`,
          },
        ],
  );
  if (problems.length) throw invalid(problems);
}

/** Renumbers a server's policies from 1, after one was moved or deleted. */
async function renumber(tx: Transaction, serverId: string, moved?: { id: string; place: number | undefined }): Promise<void> {
  const rows = await tx.accessPolicy.findMany({ where: { serverId }, orderBy: inOrder, select: { id: true, priority: true } });
  for (const { id, priority } of renumbered(rows, moved)) await tx.accessPolicy.update({ where: { id }, data: { priority } });
}

/** Returns a page of a server's access policies with their rules, in evaluation order. @throws ManagementError 404 */
export async function listPolicies(serverId: string, query: PageQuery) {
  await loadServer(serverId);
  const rows = await database().accessPolicy.findMany({ where: { serverId }, ...withRules, orderBy: inOrder });
  // Deleting a policy renumbers those after it: paging by priority would skip some.
  const { items, nextCursor } = pageOfShortList({ list: "policies", of: serverId }, rows, ({ id }) => id, query);
  return { items: items.map(policyView), nextCursor };
}

/** Creates an access policy; the last in order unless a priority is given. @throws ManagementError 400 or 404 */
export async function createPolicy(
  serverId: string,
  input: z.output<typeof accessPolicyBodySchema>,
  actor: string,
): Promise<AccessPolicyView> {
  return writeServer(serverId, async (tx, server) => {
    const { rules, priority, applications, ...values } = input;
    await checkApplications(tx, serverId, applications);
    await checkScopes(
      tx,
      serverId,
      rules.map(({ scopes }, index) => ({ path: `rules[${index}].scopes`, scopes })),
    );
    const count = await tx.accessPolicy.count({ where: { serverId } });
    if (count >= POLICIES_MAX)
      throw invalid([{ path: "", message: `An authorization server can have ${POLICIES_MAX} access policies. Delete one first.` }]);
    const id = newId("policy");
    await tx.accessPolicy.create({
      data: { ...values, id, serverId, applications: [...new Set(applications)], priority: count + 1 },
    });
    await addRules(tx, id, rules);
    await renumber(tx, serverId, { id, place: priority });
    await recordServerActivity(tx, serverId, actor, "created", `Added the access policy ${input.name} to ${server.name}`);
    return policyView(await findPolicy(tx, serverId, id));
  });
}

/** Names of the properties in activity entries. */
const PARTS = {
  name: "the name",
  description: "the description",
  enabled: "the state",
  applications: "the applications",
  priority: "the order",
};

/** Returns an access policy with its rules. @throws ManagementError 404 */
export async function getPolicy(serverId: string, policyId: string): Promise<AccessPolicyView> {
  return policyView(await findPolicy(database(), serverId, policyId));
}

/** Updates or moves an access policy. @throws ManagementError 400, 404 or 412 */
export async function updatePolicy(
  serverId: string,
  policyId: string,
  patch: z.output<typeof accessPolicyPatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<AccessPolicyView> {
  return writeServer(serverId, async (tx, server) => {
    const before = await findPolicy(tx, serverId, policyId);
    await checkTagOf(preconditions, () => policyView(before));
    const { name, description, enabled, applications, priority } = patch;
    if (applications) await checkApplications(tx, serverId, applications);
    await tx.accessPolicy.update({
      where: { id: policyId },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(applications === undefined ? {} : { applications: [...new Set(applications)] }),
      },
    });
    if (priority !== undefined) await renumber(tx, serverId, { id: policyId, place: priority });
    const changes = changedWords(patch, before, PARTS);
    if (changes.length) {
      const summary = `Changed the access policy ${name ?? before.name} of ${server.name}: ${inWords(changes)}`;
      await recordServerActivity(tx, serverId, actor, "changed", summary);
    }
    return policyView(await findPolicy(tx, serverId, policyId));
  });
}

/** Deletes an access policy with its rules; later ones move up. @throws ManagementError 404 or 412 */
export async function deletePolicy(serverId: string, policyId: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await writeServer(serverId, async (tx, server) => {
    const policy = await findPolicy(tx, serverId, policyId);
    await checkTagOf(preconditions, () => policyView(policy));
    await tx.accessPolicy.delete({ where: { id: policyId } });
    await renumber(tx, serverId);
    await recordServerActivity(tx, serverId, actor, "deleted", `Deleted the access policy ${policy.name} of ${server.name}`);
  });
}
