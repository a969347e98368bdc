import type { Api, Deployment, Prisma } from "@/generated/prisma/client";
import type { SecretReferences } from "@/lib/definition/secrets";
import { database, type Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import type { ApiView, DeploymentView } from "./contract/apis";
import { type Summary, summaryFor } from "./definition-summary";
import { notFound } from "./errors";

/** An API row with its active deployment, if any. */
export type StoredApi = Api & { deployments: Deployment[] };

/** Columns for lists: without the definition, which can be large. */
export const apiColumns = {
  id: true,
  name: true,
  version: true,
  contextPath: true,
  draftHash: true,
  revision: true,
  activeNumber: true,
  summary: true,
  createdAt: true,
  updatedAt: true,
  updatedBy: true,
} satisfies Prisma.ApiSelect;
export type ApiRow = Pick<Api, keyof typeof apiColumns>;

export const deploymentColumns = {
  apiId: true,
  number: true,
  label: true,
  hash: true,
  restores: true,
  summary: true,
  createdAt: true,
  createdBy: true,
} satisfies Prisma.DeploymentSelect;
export type DeploymentRow = Pick<Deployment, keyof typeof deploymentColumns>;

/** Returns a draft's ETag, which counts its writes. */
export const etagOf = (api: Pick<Api, "revision">) => `"${api.revision}"`;

/** Returns an API's ETag, which changes with the draft and the active deployment. */
export const apiEtagOf = (api: Pick<Api, "revision" | "activeNumber">) => `"${api.revision}.${api.activeNumber ?? 0}"`;

/** Returns a deployment's ETag: only whether it is active can change. */
export const deploymentEtagOf = (number: number, isActive: boolean) => `"deployment-${number}${isActive ? "-active" : ""}"`;

/** Converts a value to a JSON column, without undefined members. */
export const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;

/** Casts a column to the secret references it holds. */
export const referencesOf = (value: unknown) => value as SecretReferences;

/** Returns a draft's summary; computes and stores it if missing. */
export const draftSummary = (api: ApiRow, tx: Transaction = database()): Promise<Summary> =>
  summaryFor({
    key: `${api.id} r${api.revision}`,
    column: api.summary,
    async load() {
      const row = await tx.api.findUnique({ where: { id: api.id }, select: { draft: true, draftSecrets: true, revision: true } });
      return row && { definition: row.draft, references: referencesOf(row.draftSecrets), revision: row.revision };
    },
    store: (summary) => tx.api.updateMany({ where: { id: api.id, revision: summary.revision }, data: { summary: asJson(summary) } }),
  });

/** Returns a deployment's summary; computes and stores it if missing. */
export const deploymentSummary = ({ apiId, number, summary: column }: DeploymentRow, tx: Transaction = database()): Promise<Summary> =>
  summaryFor({
    key: `${apiId} ${number}`,
    column,
    async load() {
      const row = await tx.deployment.findUnique({
        where: { apiId_number: { apiId, number } },
        select: { definition: true, secrets: true },
      });
      return row && { definition: row.definition, references: referencesOf(row.secrets), revision: number };
    },
    store: (summary) => tx.deployment.updateMany({ where: { apiId, number }, data: { summary: asJson(summary) } }),
  });

/** Returns an API's active deployment without its definition; null if nothing is deployed. @throws ManagementError 404 */
export async function activeDeployment(apiId: string): Promise<DeploymentRow | null> {
  const api = await database().api.findUnique({ where: { id: apiId }, select: { activeNumber: true } });
  if (!api) throw notFound("API");
  if (api.activeNumber === null) return null;
  return database().deployment.findUnique({
    where: { apiId_number: { apiId, number: api.activeNumber } },
    select: deploymentColumns,
  });
}

/** Converts a deployment row to its API representation. */
export async function deploymentView(row: DeploymentRow, activeNumber: number | null, tx?: Transaction): Promise<DeploymentView> {
  return {
    number: row.number,
    label: row.label,
    active: row.number === activeNumber,
    restores: row.restores,
    hash: row.hash,
    problems: (await deploymentSummary(row, tx)).problems,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

/** Converts an API row to its API representation. `undeployedChanges` compares two hashes, so it can't become stale. */
export async function apiView(api: ApiRow, active: DeploymentRow | undefined, tx?: Transaction): Promise<ApiView> {
  const draft = await draftSummary(api, tx);
  const deployed = active ? await deploymentSummary(active, tx) : null;
  return {
    id: api.id,
    name: api.name,
    version: api.version,
    description: draft.description,
    contextPath: api.contextPath,
    gatewayUrl: `${environment().gatewayUrl}${api.contextPath === "/" ? "" : api.contextPath}`,
    activeDeployment: active
      ? { number: active.number, label: active.label, createdAt: active.createdAt.toISOString(), createdBy: active.createdBy }
      : null,
    undeployedChanges: active?.hash !== api.draftHash,
    protection: deployed?.readable ? deployed.protection : null,
    draftProtection: draft.protection,
    environments: draft.environments,
    storedSecrets: draft.storedSecrets,
    draftProblems: draft.problems,
    deploymentProblems: deployed?.problems ?? [],
    etag: etagOf(api),
    createdAt: api.createdAt.toISOString(),
    updatedAt: api.updatedAt.toISOString(),
    updatedBy: api.updatedBy,
  };
}

/** Converts several API rows with one query for their deployments. */
export async function apiViews(apis: readonly ApiRow[], tx: Transaction = database()): Promise<ApiView[]> {
  const active = apis.flatMap((api) => (api.activeNumber === null ? [] : [{ apiId: api.id, number: api.activeNumber }]));
  const rows = active.length ? await tx.deployment.findMany({ where: { OR: active }, select: deploymentColumns }) : [];
  const byApi = new Map(rows.map((row) => [row.apiId, row]));
  const views: ApiView[] = [];
  // Sequential: computing a missing summary yields to requests before the next one.
  for (const api of apis) views.push(await apiView(api, byApi.get(api.id), tx));
  return views;
}
