import type { Definition } from "@/lib/definition/schema";
import { type AccessList, listAccess } from "@/lib/gateway/access-operations";
import { database } from "@/lib/platform/database";
import { CallerFinder } from "./access-applications";
import { findDocument } from "./api-document";
import type { StoredApi } from "./api-view";
import { loadApi } from "./apis";
import type { AccessView } from "./contract/access";
import { storedDefinition } from "./registry";

/** A definition of an API: its draft, or what is deployed. */
export type Version = "draft" | "deployed";

/** What is asked for; null when nothing is deployed. */
export function versionOf(api: StoredApi, of: Version): { definition: Definition; deployment: number | null } | null {
  if (of === "draft") return { definition: storedDefinition(api.draft), deployment: null };
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  return active ? { definition: storedDefinition(active.definition, `deployment ${active.number}`), deployment: active.number } : null;
}

/** The context paths at which the other APIs are deployed. */
async function otherContexts(apiId: string): Promise<string[]> {
  const rows = await database().$queryRaw<{ path: string }[]>`
    SELECT COALESCE(d."summary"->>'contextPath', d."definition"->>'contextPath', '') AS "path"
    FROM "Api" a JOIN "Deployment" d ON d."apiId" = a."id" AND d."number" = a."activeNumber"
    WHERE a."id" <> ${apiId}`;
  return rows.map(({ path }) => path);
}

/** The operations of an API, from its flows and its document, with what each asks. */
export async function operationsOf(apiId: string, definition: Definition): Promise<AccessList & { hasDocument: boolean }> {
  const [document, contexts] = await Promise.all([findDocument(apiId), otherContexts(apiId)]);
  return { ...listAccess(definition, document?.operations ?? [], contexts), hasDocument: document !== null };
}

/**
 * What each operation of an API asks of its callers, and which applications can call it.
 * @throws ManagementError 404
 */
export async function getAccess(id: string, of: Version): Promise<AccessView> {
  const api = await loadApi(database(), id);
  const version = versionOf(api, of);
  if (!version) {
    // Gateways know nothing of it, so they answer every call by themselves.
    const { flowSelection } = storedDefinition(api.draft);
    const hasDocument = (await findDocument(id)) !== null;
    return { of, deployment: null, hasDocument, flowSelection, operations: [], everythingElse: "refused" };
  }
  const { definition, deployment } = version;
  const { operations, everythingElse, hasDocument } = await operationsOf(id, definition);
  const callers = await CallerFinder.of(definition, operations.length);
  return {
    of,
    deployment,
    hasDocument,
    flowSelection: definition.flowSelection,
    everythingElse,
    operations: operations.map(({ level, requirements, ...operation }) => ({
      ...operation,
      access: level,
      requirements: [...requirements],
      ...callers.callersOf(requirements),
    })),
  };
}
