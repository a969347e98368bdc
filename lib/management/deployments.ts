import type { Snapshot } from "@/lib/definition/diff";
import { definitionHash } from "@/lib/definition/hash";
import { type Definition, pathProblemsOf } from "@/lib/definition/schema";
import { database, type Transaction } from "@/lib/platform/database";
import { findDocument } from "./api-document";
import {
  apiEtagOf,
  asJson,
  deploymentColumns,
  deploymentEtagOf,
  deploymentSummary,
  deploymentView,
  etagOf,
  referencesOf,
  type StoredApi,
} from "./api-view";
import { checkDraft, loadApi, lockApi, storedDocument, writeDraft } from "./apis";
import { compareDefinitions } from "./compare-definitions";
import { inTransaction, recordActivity } from "./context";
import { claimContextPaths } from "./context-paths";
import type { ChangesView, DeploymentView } from "./contract/apis";
import { summaryOf } from "./definition-summary";
import { deployWarnings, rejectLoosening } from "./deploy-warnings";
import { ManagementError, notFound } from "./errors";
import { keyset, type PageQuery } from "./paging";
import { checkPreconditions, type Preconditions } from "./preconditions";
import { readStored, storedDefinition } from "./registry";
import { isServing, refreshGateway } from "./runtime";
import { invalidateTokensOfApi } from "./shared-tokens";

/** Returns a page of an API's deployments, newest first. @throws ManagementError 404 */
export async function listDeployments(id: string, query: PageQuery): Promise<{ items: DeploymentView[]; nextCursor: string | null }> {
  const { activeNumber } = await activeNumberOf(id);
  const { args, page } = keyset({ list: "deployments", of: id }, [{ column: "number", order: "desc" }], query);
  const where = { ...args.where, apiId: id };
  const { items, nextCursor } = page(await database().deployment.findMany({ ...args, where, select: deploymentColumns }));
  const views: DeploymentView[] = [];
  for (const row of items) views.push(await deploymentView(row, activeNumber));
  return { items: views, nextCursor };
}

async function activeNumberOf(id: string): Promise<{ activeNumber: number | null }> {
  const api = await database().api.findUnique({ where: { id }, select: { activeNumber: true } });
  if (!api) throw notFound("API");
  return api;
}

/**
 * Returns a deployment with its definition and ETag. A definition that this version can't read is returned as stored.
 * @throws ManagementError 404
 */
export async function getDeployment(id: string, number: number) {
  const { activeNumber } = await activeNumberOf(id);
  const deployment = await database().deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
  if (!deployment) throw notFound("deployment");
  const read = readStored(deployment.definition);
  const definition = read.ok ? { ...read.definition } : storedDocument(deployment.definition);
  const view = await deploymentView(deployment, activeNumber);
  return { view: { ...view, definition }, etag: deploymentEtagOf(number, view.active) };
}

/** Rejects flow paths in another product's notation, which would match no request. @throws ManagementError 409 with each path */
function rejectUnsupportedPaths(definition: Definition): void {
  const problems = pathProblemsOf(definition);
  const [first] = problems;
  if (first)
    throw new ManagementError(409, `The draft can't be deployed: ${first.path}: ${first.message} Save a corrected draft.`, problems);
}

/** Creates the next deployment from the draft and activates it. Call it under the API's lock. */
async function deployDraft(tx: Transaction, id: string, actor: string, label: string, restores: number | null) {
  const api = await loadApi(tx, id);
  const definition = storedDefinition(api.draft);
  rejectUnsupportedPaths(definition);
  const references = referencesOf(api.draftSecrets);
  const last = await tx.deployment.findFirst({ where: { apiId: id }, orderBy: { number: "desc" }, select: { number: true } });
  const number = Math.max(last?.number ?? 0, 0) + 1;
  const deployment = await tx.deployment.create({
    data: {
      apiId: id,
      number,
      label,
      definition: api.draft ?? {},
      secrets: api.draftSecrets ?? {},
      // Computed from the draft itself: an older console may have written a different draftHash.
      hash: definitionHash(definition, references),
      summary: asJson(summaryOf(definition, references, number)),
      restores,
      createdBy: actor,
    },
  });
  await tx.api.update({ where: { id }, data: { activeNumber: number } });
  await claimContextPaths(tx, id, [api.contextPath]);
  const what =
    restores === null
      ? `Deployed ${api.name} as deployment ${number}`
      : `Rolled ${api.name} back to deployment ${restores}, as deployment ${number}`;
  await recordActivity(tx, { actor, action: restores === null ? "deployed" : "rolled back", target: "api", targetId: id, summary: what });
  return deployment;
}

/** Resolves once this process serves the deployment. @throws ManagementError 503 if it couldn't load it */
async function onceServed(id: string, view: DeploymentView): Promise<DeploymentView> {
  await refreshGateway();
  if (isServing(id, view.number)) return view;
  const current = await database().api.findUnique({ where: { id }, select: { activeNumber: true } });
  // A concurrent deployment or undeployment replaced this one.
  if (current?.activeNumber !== view.number) return view;
  throw new ManagementError(
    503,
    `Deployment ${view.number} is saved but didn't load; the previous one still serves. The gateway retries. See the log.`,
  );
}

/** Whether a deployment may loosen access. */
export type Loosening = { allowLoosening: "true" | "false" };

const operationsOfDocument = async (id: string) => (await findDocument(id))?.operations ?? [];

/** Returns the deployment to compare access with: the active one or, after an undeployment, the last one. */
const lastServed = (tx: Transaction, api: StoredApi) =>
  api.deployments.find(({ number }) => number === api.activeNumber) ??
  tx.deployment.findFirst({ where: { apiId: api.id }, orderBy: { number: "desc" } });

/** Prepares the loosening check. Reads the OpenAPI document before the transaction: the embedded Postgres has one session. */
async function looseningCheck(id: string, { allowLoosening }: Loosening) {
  if (allowLoosening === "true") return async () => {};
  const documented = await operationsOfDocument(id);
  return async (tx: Transaction, api: StoredApi, after: Definition) => {
    const last = await lastServed(tx, api);
    if (last) await rejectLoosening({ before: storedDefinition(last.definition, `deployment ${last.number}`), after, documented });
  };
}

/** The active deployment; `unchanged` if it already equaled the draft and nothing was deployed. */
export type Deployed = DeploymentView & { unchanged: boolean };

/**
 * Deploys the draft, unless the active deployment equals it, including the versions of its secrets.
 * @throws ManagementError 404, 409 or 412
 */
export async function deployApi(
  id: string,
  label: string,
  preconditions: Preconditions | undefined,
  actor: string,
  loosening: Loosening = { allowLoosening: "true" },
): Promise<Deployed> {
  const check = await looseningCheck(id, loosening);
  const { deployment, unchanged } = await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    checkDraft(api, preconditions);
    const active = api.deployments.find(({ number }) => number === api.activeNumber);
    if (active && active.hash === draftHashOf(api)) return { deployment: active, unchanged: true };
    await check(tx, api, storedDefinition(api.draft));
    return { deployment: await deployDraft(tx, id, actor, label, null), unchanged: false };
  });
  return { ...(await onceServed(id, await deploymentView(deployment, deployment.number))), unchanged };
}

/** Computes the stored draft's hash. @throws ManagementError 409 if this version can't read it */
const draftHashOf = (api: StoredApi) => definitionHash(storedDefinition(api.draft), referencesOf(api.draftSecrets));

/** Restores a deployment as the draft and deploys it under a new number. @throws ManagementError 404, 409 or 412 */
export async function rollbackApi(
  id: string,
  number: number,
  preconditions: Preconditions | undefined,
  actor: string,
  loosening: Loosening = { allowLoosening: "true" },
): Promise<DeploymentView> {
  const check = await looseningCheck(id, loosening);
  const deployment = await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    const target = await tx.deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
    if (!target) throw notFound("deployment");
    checkDraft(api, preconditions);
    if (preconditions?.ifMatch === undefined && (await isDraftUnique(tx, api))) {
      throw new ManagementError(
        409,
        "The rollback would overwrite undeployed changes in the draft. Deploy or discard them first, or send If-Match with the draft's ETag.",
      );
    }
    const definition = storedDefinition(target.definition, `deployment ${number}`);
    await check(tx, api, definition);
    await writeDraft(tx, api, definition, referencesOf(target.secrets), actor);
    return deployDraft(tx, id, actor, `Rollback to ${number}`, number);
  });
  return onceServed(id, await deploymentView(deployment, deployment.number));
}

/** Returns whether replacing the draft would lose changes, because no deployment equals it. */
async function isDraftUnique(tx: Transaction, api: StoredApi): Promise<boolean> {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  if (active) return active.hash !== api.draftHash;
  return (await tx.deployment.count({ where: { apiId: api.id, hash: api.draftHash } })) === 0;
}

/**
 * Undeploys an API; its draft and history remain. Preconditions may name the ETag of the draft, the API or the active
 * deployment. @throws ManagementError 404 or 412
 */
export async function undeployApi(id: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    if (api.activeNumber === null) throw notFound("active deployment");
    checkPreconditions(preconditions, [deploymentEtagOf(api.activeNumber, true), etagOf(api), apiEtagOf(api)]);
    await tx.api.update({ where: { id }, data: { activeNumber: null } });
    await claimContextPaths(tx, id, [api.contextPath]);
    await recordActivity(tx, { actor, action: "undeployed", target: "api", targetId: id, summary: `Undeployed ${api.name}` });
  });
  await refreshGateway();
  await invalidateTokensOfApi(id);
}

async function isReadable(apiId: string, number: number): Promise<boolean> {
  const where = { apiId_number: { apiId, number } };
  const row = await database().deployment.findUnique({ where, select: deploymentColumns });
  return row !== null && (await deploymentSummary(row)).readable;
}

/** Describes the changes from one deployment (or the active one) to another (or the draft). @throws ManagementError 404 */
export async function getChanges(id: string, range: { from?: number | undefined; to?: number | undefined }): Promise<ChangesView> {
  const api = await loadApi(database(), id);
  const snapshotOf = async (number: number): Promise<Snapshot> => {
    const row = await database().deployment.findUnique({ where: { apiId_number: { apiId: id, number } } });
    if (!row) throw notFound("deployment");
    return { definition: storedDefinition(row.definition, `deployment ${number}`), secrets: referencesOf(row.secrets) };
  };
  const from = range.from ?? api.activeNumber;
  const after =
    range.to === undefined
      ? { definition: storedDefinition(api.draft), secrets: referencesOf(api.draftSecrets) }
      : await snapshotOf(range.to);
  if (range.from === undefined && from !== null && !(await isReadable(id, from))) {
    const message = `This version can't read the active deployment ${from}, so changes are unknown. Review the draft before you deploy.`;
    return { from, to: range.to ?? "draft", changes: [], warnings: [{ kind: "access", message }] };
  }
  const before = from === null ? null : await snapshotOf(from);
  const changes = before === null ? [] : await compareDefinitions(before, after);
  const documented = await operationsOfDocument(id);
  const last = from === null ? await lastServed(database(), api) : null;
  const compared = last && (await isReadable(id, last.number)) ? storedDefinition(last.definition) : (before?.definition ?? null);
  const warnings = await deployWarnings(api, { before: compared, after: after.definition, documented });
  return { from, to: range.to ?? "draft", changes, warnings };
}
