import { type Change, describeChanges, type Snapshot } from "@/lib/definition/diff";
import { database, type Transaction } from "@/lib/platform/database";
import { deploymentView, referencesOf, type StoredApi } from "./api-view";
import { checkIfMatch, loadApi, lockApi, writeDraft } from "./apis";
import { inTransaction, recordActivity } from "./context";
import { claimContextPaths } from "./context-paths";
import type { ChangesView, DeploymentView } from "./contract/apis";
import { ManagementError, notFound } from "./errors";
import { keyset, type PageQuery } from "./paging";
import { registry, storedDefinition } from "./registry";
import { isServing, refreshGateway } from "./runtime";
import { forgetTokensOfApi } from "./shared-tokens";

/** A page of an API's deployments, newest first. @throws ManagementError 404 */
export async function listDeployments(id: string, query: PageQuery): Promise<{ items: DeploymentView[]; nextCursor: string | null }> {
  const api = await loadApi(database(), id);
  const { args, page } = keyset({ list: "deployments", of: id }, [{ column: "number", order: "desc" }], query);
  const { items, nextCursor } = page(await database().deployment.findMany({ ...args, where: { ...args.where, apiId: id } }));
  return { items: items.map((row) => deploymentView(row, api.activeNumber)), nextCursor };
}

/** One deployment with the definition that it froze. @throws ManagementError 404 */
export async function getDeployment(id: string, number: number) {
  const api = await loadApi(database(), id);
  const deployment = await database().deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
  if (!deployment) throw notFound("deployment");
  return { ...deploymentView(deployment, api.activeNumber), definition: { ...storedDefinition(deployment.definition) } };
}

/** Freezes the draft under the next number and makes it the active one, inside a transaction that holds the API's lock. */
async function deployDraft(tx: Transaction, id: string, actor: string, label: string, restores: number | null) {
  const api = await loadApi(tx, id);
  const last = await tx.deployment.findFirst({ where: { apiId: id }, orderBy: { number: "desc" }, select: { number: true } });
  const number = Math.max(last?.number ?? 0, 0) + 1;
  const deployment = await tx.deployment.create({
    data: {
      apiId: id,
      number,
      label,
      definition: api.draft ?? {},
      secrets: api.draftSecrets ?? {},
      hash: api.draftHash,
      restores,
      createdBy: actor,
    },
  });
  await tx.api.update({ where: { id }, data: { activeNumber: number } });
  await claimContextPaths(tx, id, [api.contextPath]);
  const what =
    restores === null
      ? `Deployed ${api.name} as number ${number}`
      : `Rolled ${api.name} back to deployment ${restores}, as number ${number}`;
  await recordActivity(tx, { actor, action: restores === null ? "deployed" : "rolled back", target: "api", targetId: id, summary: what });
  return deployment;
}

/** Answers only once this process serves the deployment. */
async function served(id: string, view: DeploymentView): Promise<DeploymentView> {
  await refreshGateway();
  if (isServing(id, view.number)) return view;
  const current = await database().api.findUnique({ where: { id }, select: { activeNumber: true } });
  // Someone deployed again in between, or undeployed: this number was served or skipped on the way.
  if (current?.activeNumber !== view.number) return view;
  throw new ManagementError(
    503,
    `Deployment ${view.number} is stored, but this gateway could not take it over yet and goes on serving the former one. It tries again by itself; the log says why.`,
  );
}

/** Deploys the draft. @throws ManagementError 404, 409 or 412 */
export async function deployApi(id: string, label: string, ifMatch: string | undefined, actor: string): Promise<DeploymentView> {
  const deployment = await inTransaction(async (tx) => {
    checkIfMatch(await lockApi(tx, id), ifMatch);
    return deployDraft(tx, id, actor, label, null);
  });
  return served(id, deploymentView(deployment, deployment.number));
}

/** Restores a deployment as the draft and deploys it as a new number. @throws ManagementError 404, 409 or 412 */
export async function rollbackApi(id: string, number: number, ifMatch: string | undefined, actor: string): Promise<DeploymentView> {
  const deployment = await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    const target = await tx.deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
    if (!target) throw notFound("deployment");
    checkIfMatch(api, ifMatch);
    if (ifMatch === undefined && (await isDraftUnique(tx, api))) {
      throw new ManagementError(
        409,
        "The draft has undeployed changes, which the rollback would replace. Deploy or discard them first, or send If-Match with the draft's ETag to replace them.",
      );
    }
    await writeDraft(tx, api, storedDefinition(target.definition), referencesOf(target.secrets), actor);
    return deployDraft(tx, id, actor, `Rollback to ${number}`, number);
  });
  return served(id, deploymentView(deployment, deployment.number));
}

/** Whether a draft would be lost if it were replaced: it equals no deployment. */
async function isDraftUnique(tx: Transaction, api: StoredApi): Promise<boolean> {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  if (active) return active.hash !== api.draftHash;
  return (await tx.deployment.count({ where: { apiId: api.id, hash: api.draftHash } })) === 0;
}

/** Takes the API off the gateways; its draft and history stay. @throws ManagementError 404 */
export async function undeployApi(id: string, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    if (api.activeNumber === null) throw notFound("active deployment");
    await tx.api.update({ where: { id }, data: { activeNumber: null } });
    await claimContextPaths(tx, id, [api.contextPath]);
    await recordActivity(tx, { actor, action: "undeployed", target: "api", targetId: id, summary: `Undeployed ${api.name}` });
  });
  await refreshGateway();
  await forgetTokensOfApi(id);
}

async function nestingWarnings(api: StoredApi): Promise<string[]> {
  const others = await database().api.findMany({ where: { id: { not: api.id } }, select: { name: true, contextPath: true } });
  const inside = (outer: string, inner: string) => inner !== outer && (outer === "/" || inner.startsWith(`${outer}/`));
  return others.flatMap((other) => {
    if (inside(other.contextPath, api.contextPath))
      return [
        `${api.contextPath} lies within ${other.contextPath} of ${other.name}: calls below ${api.contextPath} go to this API, not to that one.`,
      ];
    if (inside(api.contextPath, other.contextPath))
      return [`${other.contextPath} of ${other.name} lies within ${api.contextPath}: calls below it go to that API, not to this one.`];
    return [];
  });
}

/** What changed, in words, from one deployment (or the active one) to another (or the draft). @throws ManagementError 404 */
export async function getChanges(id: string, range: { from?: number | undefined; to?: number | undefined }): Promise<ChangesView> {
  const api = await loadApi(database(), id);
  const snapshotOf = async (number: number): Promise<Snapshot> => {
    const row = await database().deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
    if (!row) throw notFound("deployment");
    return { definition: storedDefinition(row.definition), secrets: referencesOf(row.secrets) };
  };
  const from = range.from ?? api.activeNumber;
  const after =
    range.to === undefined
      ? { definition: storedDefinition(api.draft), secrets: referencesOf(api.draftSecrets) }
      : await snapshotOf(range.to);
  const changes: Change[] = from === null ? [] : describeChanges(await snapshotOf(from), after, registry);
  return { from, to: range.to ?? "draft", changes, warnings: await nestingWarnings(api) };
}
