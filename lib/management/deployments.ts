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
import { deployWarnings, refuseLoosening } from "./deploy-warnings";
import { ManagementError, notFound } from "./errors";
import { keyset, type PageQuery } from "./paging";
import { checkPreconditions, type Preconditions } from "./preconditions";
import { readStored, storedDefinition } from "./registry";
import { isServing, refreshGateway } from "./runtime";
import { forgetTokensOfApi } from "./shared-tokens";

/** A page of an API's deployments, newest first. @throws ManagementError 404 */
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
 * One deployment with the definition that it froze, and its ETag. A definition that this version can't read is answered as it is
 * stored. @throws ManagementError 404
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

/** @throws ManagementError 409 that names each path in another product's notation, which would guard nothing */
function refuseForeignPaths(definition: Definition): void {
  const problems = pathProblemsOf(definition);
  const [first] = problems;
  if (first)
    throw new ManagementError(409, `The draft can't be deployed: ${first.path}: ${first.message} Save a corrected draft.`, problems);
}

/** Freezes the draft under the next number and makes it the active one, inside a transaction that holds the API's lock. */
async function deployDraft(tx: Transaction, id: string, actor: string, label: string, restores: number | null) {
  const api = await loadApi(tx, id);
  const definition = storedDefinition(api.draft);
  refuseForeignPaths(definition);
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
      // What is frozen is what the draft says now, whoever wrote it.
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
    `Deployment ${view.number} is saved but didn't load; the previous one still serves. The log has the reason.`,
  );
}

/** Whether a deployment may loosen access, as the query says it. */
export type Loosening = { allowLoosening: "true" | "false" };

const operationsOfDocument = async (id: string) => (await findDocument(id))?.operations ?? [];

/** The deployment that loosening is judged by: the active one or, after an undeploy, the last one, whose access callers know. */
const lastServed = (tx: Transaction, api: StoredApi) =>
  api.deployments.find(({ number }) => number === api.activeNumber) ??
  tx.deployment.findFirst({ where: { apiId: api.id }, orderBy: { number: "desc" } });

/** Reads what loosening is judged by, before the transaction: the embedded Postgres has one session. */
async function looseningCheck(id: string, { allowLoosening }: Loosening) {
  if (allowLoosening === "true") return async () => {};
  const documented = await operationsOfDocument(id);
  return async (tx: Transaction, api: StoredApi, after: Definition) => {
    const last = await lastServed(tx, api);
    if (last) await refuseLoosening({ before: storedDefinition(last.definition, `deployment ${last.number}`), after, documented });
  };
}

/** A deployment, and whether the draft was this very one already: then nothing was deployed. */
export type Deployed = DeploymentView & { unchanged: boolean };

/**
 * Deploys the draft. A draft that the active deployment equals, down to the versions of its secrets, is not deployed again.
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
  return { ...(await served(id, await deploymentView(deployment, deployment.number))), unchanged };
}

/** The hash of the draft as it is stored. @throws ManagementError 409 when this version can't read it */
const draftHashOf = (api: StoredApi) => definitionHash(storedDefinition(api.draft), referencesOf(api.draftSecrets));

/** Restores a deployment as the draft and deploys it as a new number. @throws ManagementError 404, 409 or 412 */
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
        "The draft has undeployed changes, which the rollback would replace. Deploy or discard them first, or send If-Match with the draft's ETag to replace them.",
      );
    }
    const definition = storedDefinition(target.definition, `deployment ${number}`);
    await check(tx, api, definition);
    await writeDraft(tx, api, definition, referencesOf(target.secrets), actor);
    return deployDraft(tx, id, actor, `Rollback to ${number}`, number);
  });
  return served(id, await deploymentView(deployment, deployment.number));
}

/** Whether a draft would be lost if it were replaced: it equals no deployment. */
async function isDraftUnique(tx: Transaction, api: StoredApi): Promise<boolean> {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  if (active) return active.hash !== api.draftHash;
  return (await tx.deployment.count({ where: { apiId: api.id, hash: api.draftHash } })) === 0;
}

/**
 * Takes the API off the gateways; its draft and history stay. Preconditions name what was seen: the draft, the API or the
 * active deployment. @throws ManagementError 404 or 412
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
  await forgetTokensOfApi(id);
}

async function isReadable(apiId: string, number: number): Promise<boolean> {
  const where = { apiId_number: { apiId, number } };
  const row = await database().deployment.findUnique({ where, select: deploymentColumns });
  return row !== null && (await deploymentSummary(row)).readable;
}

/** What changed, in words, from one deployment (or the active one) to another (or the draft). @throws ManagementError 404 */
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
    const message = `This version can't read deployment ${from}, which is active: what changes can't be told.`;
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
