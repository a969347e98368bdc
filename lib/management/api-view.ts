import type { Api, Deployment, Prisma } from "@/generated/prisma/client";
import type { SecretReferences } from "@/lib/definition/secrets";
import { database, type Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import type { ApiView, DeploymentView } from "./contract/apis";
import { type Summary, summaryFor } from "./definition-summary";
import { notFound } from "./errors";

/** An API as it is stored, with its active deployment when there is one. */
export type StoredApi = Api & { deployments: Deployment[] };

/** The columns that lists are made of: no definition among them. */
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

/** The ETag of a draft: it counts the draft's writes. */
export const etagOf = (api: Pick<Api, "revision">) => `"${api.revision}"`;

/** The ETag of an API, which changes with its draft and with what is deployed. */
export const apiEtagOf = (api: Pick<Api, "revision" | "activeNumber">) => `"${api.revision}.${api.activeNumber ?? 0}"`;

/** The ETag of a deployment: of all that it answers only whether it is active can change. */
export const deploymentEtagOf = (number: number, isActive: boolean) => `"deployment-${number}${isActive ? "-active" : ""}"`;

/** A value as the JSON that a column holds, without undefined members. */
export const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as Prisma.InputJsonValue;

/** The references to stored secrets of a draft or deployment row. */
export const referencesOf = (value: unknown) => value as SecretReferences;

/** The summary of a draft. One that is missing is computed and stored. */
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

/** The summary of a deployment. One that is missing is computed and stored. */
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

/** The active deployment of an API, without its definition; null when nothing is deployed. @throws ManagementError 404 */
export async function activeDeployment(apiId: string): Promise<DeploymentRow | null> {
  const api = await database().api.findUnique({ where: { id: apiId }, select: { activeNumber: true } });
  if (!api) throw notFound("API");
  if (api.activeNumber === null) return null;
  return database().deployment.findUnique({
    where: { apiId_number: { apiId, number: api.activeNumber } },
    select: deploymentColumns,
  });
}

/** What a row of deployments looks like from outside. */
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

/** What an API looks like from outside. "Undeployed changes" is the comparison of two hashes, never a flag. */
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

/** The same of several, one query for all their deployments. */
export async function apiViews(apis: readonly ApiRow[], tx: Transaction = database()): Promise<ApiView[]> {
  const active = apis.flatMap((api) => (api.activeNumber === null ? [] : [{ apiId: api.id, number: api.activeNumber }]));
  const rows = active.length ? await tx.deployment.findMany({ where: { OR: active }, select: deploymentColumns }) : [];
  const byApi = new Map(rows.map((row) => [row.apiId, row]));
  const views: ApiView[] = [];
  // One after the other: a summary that has to be computed yields to calls before the next one.
  for (const api of apis) views.push(await apiView(api, byApi.get(api.id), tx));
  return views;
}
