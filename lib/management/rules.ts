import type { z } from "zod";
import type { AccessPolicy, AccessRule } from "@/generated/prisma/client";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import type { AccessRuleView, accessRuleBodySchema, accessRulePatchSchema } from "./contract/authorization";
import { invalid, notFound } from "./errors";
import { placed, renumbered } from "./places";
import { checkTagOf, type Preconditions, tagged } from "./preconditions";
import { checkScopes } from "./scopes";
import { recordServerActivity, writeServer } from "./server-writes";
import { changedWords, inWords } from "./words";

/** Same limit as in the body that creates a policy. */
const RULES_MAX = 50;

type RuleInput = z.output<typeof accessRuleBodySchema>;

/** Converts a rule row to its API representation. */
export function ruleView(rule: AccessRule): AccessRuleView {
  const { id, name, priority, enabled, grantTypes, scopes, lifetimeMinutes } = rule;
  return tagged({ id, name, priority, enabled, grantTypes, scopes, lifetimeMinutes });
}

const rowOf = (policyId: string, { priority: _place, ...values }: RuleInput) => ({
  ...values,
  id: newId("rule"),
  policyId,
  grantTypes: [...new Set(values.grantTypes)],
  scopes: [...new Set(values.scopes)],
});

/** Creates the first rules of a policy, numbered from 1. A rule's priority positions it among the preceding ones. */
export async function addRules(tx: Transaction, policyId: string, rules: readonly RuleInput[]): Promise<void> {
  let ordered: ReturnType<typeof rowOf>[] = [];
  for (const rule of rules) ordered = placed(ordered, rowOf(policyId, rule), rule.priority);
  if (ordered.length) await tx.accessRule.createMany({ data: ordered.map((row, index) => ({ ...row, priority: index + 1 })) });
}

/** Renumbers a policy's rules from 1, after one was moved or deleted. */
async function renumber(tx: Transaction, policyId: string, moved?: { id: string; place: number | undefined }): Promise<void> {
  const rows = await tx.accessRule.findMany({
    where: { policyId },
    orderBy: [{ priority: "asc" }, { id: "asc" }],
    select: { id: true, priority: true },
  });
  for (const { id, priority } of renumbered(rows, moved)) await tx.accessRule.update({ where: { id }, data: { priority } });
}

async function findPolicy(tx: Transaction, serverId: string, id: string): Promise<AccessPolicy> {
  const policy = await tx.accessPolicy.findFirst({ where: { id, serverId } });
  if (!policy) throw notFound("access policy");
  return policy;
}

async function findRule(tx: Transaction, policyId: string, id: string): Promise<AccessRule> {
  const rule = await tx.accessRule.findFirst({ where: { id, policyId } });
  if (!rule) throw notFound("rule");
  return rule;
}

/** Adds a rule to a policy; the last in order unless a priority is given. @throws ManagementError 400 or 404 */
export async function createRule(serverId: string, policyId: string, input: RuleInput, actor: string): Promise<AccessRuleView> {
  return writeServer(serverId, async (tx, server) => {
    const policy = await findPolicy(tx, serverId, policyId);
    await checkScopes(tx, serverId, [{ path: "scopes", scopes: input.scopes }]);
    const count = await tx.accessRule.count({ where: { policyId } });
    if (count >= RULES_MAX) throw invalid([{ path: "", message: `An access policy can have ${RULES_MAX} rules. Delete one first.` }]);
    const { id } = await tx.accessRule.create({ data: { ...rowOf(policyId, input), priority: count + 1 } });
    await renumber(tx, policyId, { id, place: input.priority });
    const summary = `Added the rule ${input.name} to the access policy ${policy.name} of ${server.name}`;
    await recordServerActivity(tx, serverId, actor, "created", summary);
    return ruleView(await findRule(tx, policyId, id));
  });
}

/** Names of the properties in activity entries. */
const PARTS = {
  name: "the name",
  enabled: "the state",
  grantTypes: "the grant types",
  scopes: "the scopes",
  lifetimeMinutes: "the token lifetime",
  priority: "the order",
};

/** Returns a rule. @throws ManagementError 404 */
export async function getRule(serverId: string, policyId: string, ruleId: string): Promise<AccessRuleView> {
  await findPolicy(database(), serverId, policyId);
  return ruleView(await findRule(database(), policyId, ruleId));
}

/** Updates or moves a rule. @throws ManagementError 400, 404 or 412 */
export async function updateRule(
  serverId: string,
  policyId: string,
  ruleId: string,
  patch: z.output<typeof accessRulePatchSchema>,
  actor: string,
  preconditions?: Preconditions,
): Promise<AccessRuleView> {
  return writeServer(serverId, async (tx, server) => {
    const policy = await findPolicy(tx, serverId, policyId);
    const before = await findRule(tx, policyId, ruleId);
    await checkTagOf(preconditions, () => ruleView(before));
    const { name, enabled, grantTypes, scopes, lifetimeMinutes, priority } = patch;
    if (scopes) await checkScopes(tx, serverId, [{ path: "scopes", scopes }]);
    await tx.accessRule.update({
      where: { id: ruleId },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(enabled === undefined ? {} : { enabled }),
        ...(grantTypes === undefined ? {} : { grantTypes: [...new Set(grantTypes)] }),
        ...(scopes === undefined ? {} : { scopes: [...new Set(scopes)] }),
        ...(lifetimeMinutes === undefined ? {} : { lifetimeMinutes }),
      },
    });
    if (priority !== undefined) await renumber(tx, policyId, { id: ruleId, place: priority });
    const changes = changedWords(patch, before, PARTS);
    if (changes.length) {
      const summary = `Changed the rule ${name ?? before.name} of the access policy ${policy.name} of ${server.name}: ${inWords(changes)}`;
      await recordServerActivity(tx, serverId, actor, "changed", summary);
    }
    return ruleView(await findRule(tx, policyId, ruleId));
  });
}

/** Deletes a rule; later ones move up. @throws ManagementError 404 or 412 */
export async function deleteRule(
  serverId: string,
  policyId: string,
  ruleId: string,
  actor: string,
  preconditions?: Preconditions,
): Promise<void> {
  await writeServer(serverId, async (tx, server) => {
    const policy = await findPolicy(tx, serverId, policyId);
    const rule = await findRule(tx, policyId, ruleId);
    await checkTagOf(preconditions, () => ruleView(rule));
    await tx.accessRule.delete({ where: { id: ruleId } });
    await renumber(tx, policyId);
    const summary = `Deleted the rule ${rule.name} of the access policy ${policy.name} of ${server.name}`;
    await recordServerActivity(tx, serverId, actor, "deleted", summary);
  });
}
