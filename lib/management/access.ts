import { LRUCache } from "lru-cache";
import type { Definition } from "@/lib/definition/schema";
import { type AccessLevel, type AccessRequirement, asksToken } from "@/lib/gateway/access/access";
import { type AccessList, accessSteps, compareOperations } from "@/lib/gateway/access/access-operations";
import { database } from "@/lib/platform/database";
import { ClientFinder } from "./access-applications";
import { findDocument } from "./api-document";
import { apiColumns, deploymentColumns, deploymentSummary, draftSummary, type StoredApi } from "./api-view";
import { loadApi } from "./apis";
import type { AccessOperationView, AccessSummaryView, AccessView, OperationLevelView } from "./contract/access";
import { notFound } from "./errors";
import { type Page, type PageQuery, pageOfOrdered } from "./paging";
import { readStored, storedDefinition } from "./registry";
import { runSteps } from "./yielding";

/** Selects the draft or the active deployment. */
export type Version = "draft" | "deployed";

/** Returns the selected definition; null if nothing is deployed. */
export function versionOf(api: StoredApi, of: Version): { definition: Definition; deployment: number | null } | null {
  if (of === "draft") return { definition: storedDefinition(api.draft), deployment: null };
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  return active ? { definition: storedDefinition(active.definition, `deployment ${active.number}`), deployment: active.number } : null;
}

/** Returns a requirement without the step's configuration. */
function shownRequirement(requirement: AccessRequirement): AccessOperationView["requirements"][number] {
  if (asksToken(requirement)) return { ...requirement, scopes: [...requirement.scopes] };
  const { flow, step, credential } = requirement;
  return { flow, step, credential };
}

/** Returns the context paths of the other deployed APIs. */
async function otherContexts(apiId: string): Promise<string[]> {
  const rows = await database().$queryRaw<{ path: string }[]>`
    SELECT COALESCE(d."summary"->>'contextPath', d."definition"->>'contextPath', '') AS "path"
    FROM "Api" a JOIN "Deployment" d ON d."apiId" = a."id" AND d."number" = a."activeNumber"
    WHERE a."id" <> ${apiId}`;
  return rows.map(({ path }) => path);
}

/** Lists a definition's operations, from its flows and the API's OpenAPI document, with the access each requires. */
export async function operationsOf(apiId: string, definition: Definition): Promise<AccessList & { hasDocument: boolean }> {
  const [document, contexts] = await Promise.all([findDocument(apiId), otherContexts(apiId)]);
  return { ...(await runSteps(accessSteps(definition, document?.operations ?? [], contexts))), hasDocument: document !== null };
}

/** The operations of a draft or deployment. */
interface Listed extends AccessList {
  /** Null when nothing is deployed. */
  definition: Definition | null;
  deployment: number | null;
  hasDocument: boolean;
  flowSelection: Definition["flowSelection"];
}

/** Computing a list takes up to 1 second, and lists are read far more often than they change. */
const cache = new LRUCache<string, Promise<Listed>>({ max: 30 });

async function list(id: string, of: Version): Promise<Listed> {
  const api = await loadApi(database(), id);
  const version = versionOf(api, of);
  if (!version) {
    // Gateways return 404 for every request to an API without a deployment.
    const read = readStored(api.draft);
    const flowSelection = read.ok ? read.definition.flowSelection : "all";
    const hasDocument = (await database().apiDocument.count({ where: { apiId: id } })) > 0;
    return { definition: null, deployment: null, hasDocument, flowSelection, operations: [], everythingElse: "refused" };
  }
  const { definition, deployment } = version;
  return { definition, deployment, flowSelection: definition.flowSelection, ...(await operationsOf(id, definition)) };
}

/** Returns the cached list while nothing it depends on has changed. @throws ManagementError 404, or 409 if the definition is unreadable */
async function listed(id: string, of: Version): Promise<Listed> {
  const db = database();
  const api = await db.api.findUnique({ where: { id }, select: apiColumns });
  if (!api) throw notFound("API");
  const where = { apiId_number: { apiId: id, number: api.activeNumber ?? 0 } };
  const row = of === "deployed" ? await db.deployment.findUnique({ where, select: deploymentColumns }) : null;
  const summary = of === "deployed" ? row && (await deploymentSummary(row)) : await draftSummary(api);
  // Reading an unreadable definition throws the error that explains it.
  if (!summary?.readable) return list(id, of);
  const document = await db.apiDocument.findUnique({ where: { apiId: id }, select: { updatedAt: true } });
  const what = of === "deployed" ? `deployment ${row?.number}` : `draft ${api.revision}`;
  const key = JSON.stringify([id, what, document?.updatedAt ?? null, await otherContexts(id)]);
  const found = cache.get(key) ?? list(id, of);
  cache.set(key, found);
  found.catch(() => cache.delete(key));
  return found;
}

const pageOfOperations = (list: string, id: string, of: Version, { operations }: Listed, query: PageQuery) =>
  pageOfOrdered(
    { list, of: `${id}/${of}` },
    operations,
    ({ method, path }) => [method, path],
    (operation, [method, path]) => compareOperations(operation, { method: String(method), path: String(path) }) > 0,
    query,
  );

/**
 * Returns a page of operations with the access each requires and the applications that have it.
 * @throws ManagementError 404, or 409 if the definition is unreadable
 */
export async function getAccess(id: string, of: Version, query: PageQuery): Promise<AccessView> {
  const found = await listed(id, of);
  const { definition, deployment, hasDocument, flowSelection, everythingElse } = found;
  const { items, nextCursor } = pageOfOperations("access", id, of, found, query);
  const view = { of, deployment, hasDocument, flowSelection, everythingElse, nextCursor };
  if (!definition) return { ...view, operations: [] };
  const finder = await ClientFinder.of(definition, items.length);
  const operations: AccessView["operations"] = [];
  for (const { level, requirements, ...operation } of items)
    operations.push({
      ...operation,
      access: level,
      requirements: requirements.map(shownRequirement),
      ...(await finder.clientsOf(requirements)),
    });
  return { ...view, operations };
}

/** Returns a page of operations with their access levels only. @throws ManagementError 404, or 409 if the definition is unreadable */
export async function listOperations(id: string, of: Version, query: PageQuery): Promise<Page<OperationLevelView>> {
  const { items, nextCursor } = pageOfOperations("operations", id, of, await listed(id, of), query);
  return {
    items: items.map(({ method, path, summary, level, isWrite }) => ({ method, path, summary, access: level, isWrite })),
    nextCursor,
  };
}

/** Counts operations by access level. @throws ManagementError 404, or 409 if the definition is unreadable */
export async function getAccessSummary(id: string, of: Version): Promise<AccessSummaryView> {
  const { deployment, hasDocument, operations, everythingElse } = await listed(id, of);
  const count = (level: AccessLevel, isWrite?: boolean) =>
    operations.filter((operation) => operation.level === level && (isWrite === undefined || operation.isWrite === isWrite)).length;
  return {
    of,
    deployment,
    hasDocument,
    operations: operations.length,
    anonymous: count("anonymous", false),
    anonymousWrites: count("anonymous", true),
    credential: count("credential"),
    token: count("token"),
    scopes: count("scopes"),
    refused: count("refused"),
    everythingElse,
  };
}
