import { canonicalDefinition, hashInput } from "@/lib/definition/canonical";
import { definitionHash } from "@/lib/definition/hash";
import type { Definition } from "@/lib/definition/schema";
import { mergeSecrets, type SecretReferences } from "@/lib/definition/secrets";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { type ApiRow, apiColumns, apiEtagOf, apiViews, asJson, etagOf, referencesOf, type StoredApi } from "./api-view";
import { box, inTransaction, recordActivity } from "./context";
import { claimContextPaths } from "./context-paths";
import type { ApiView } from "./contract/apis";
import { summaryOf } from "./definition-summary";
import { invalid, ManagementError, notFound } from "./errors";
import { mismatchedKeys } from "./mismatched-keys";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import { checkPreconditions, type Preconditions } from "./preconditions";
import { parseDefinition, readStored, registry, storedContextPath, storedDefinition } from "./registry";
import { refreshGateway } from "./runtime";
import { invalidateTokensOfApi } from "./shared-tokens";

/** Adds the active deployments to API rows, without the history. */
async function withActive<T extends { id: string; activeNumber: number | null }>(tx: Transaction, apis: T[]) {
  const active = apis.flatMap((api) => (api.activeNumber === null ? [] : [{ apiId: api.id, number: api.activeNumber }]));
  const deployments = active.length ? await tx.deployment.findMany({ where: { OR: active } }) : [];
  return apis.map((api) => ({ ...api, deployments: deployments.filter((deployment) => deployment.apiId === api.id) }));
}

/**
 * Reads an API and its active deployment.
 * @throws ManagementError 404
 */
export async function loadApi(tx: Transaction, id: string): Promise<StoredApi> {
  const api = await tx.api.findUnique({ where: { id } });
  if (!api) throw notFound("API");
  const [loaded] = await withActive(tx, [api]);
  if (!loaded) throw notFound("API");
  return loaded;
}

/** Reads an API like {@link loadApi} and locks it until the transaction ends. @throws ManagementError 404 */
export async function lockApi(tx: Transaction, id: string): Promise<StoredApi> {
  await tx.$queryRaw`SELECT 1 FROM "Api" WHERE "id" = ${id} FOR UPDATE`;
  return loadApi(tx, id);
}

/**
 * Compares a write's preconditions with the draft's and the API's ETags; both identify the draft the client read.
 * @throws ManagementError 412
 */
export function checkDraft(api: Pick<ApiRow, "revision" | "activeNumber" | "updatedBy">, preconditions: Preconditions | undefined): void {
  checkPreconditions(preconditions, [etagOf(api), apiEtagOf(api)], api.updatedBy);
}

/** Stores secrets as new versions. Older versions remain, because deployments refer to them. */
async function storeSecrets(tx: Transaction, apiId: string, fresh: ReadonlyMap<string, string>): Promise<SecretReferences> {
  const references: SecretReferences = {};
  for (const [key, value] of fresh) {
    const id = newId("sec");
    await tx.secret.create({ data: { id, ownerId: apiId, ciphertext: box().seal(value, apiId) } });
    references[key] = id;
  }
  return references;
}

/** Returns a page of APIs by name. */
export async function listApis(query: PageQuery): Promise<{ items: ApiView[]; nextCursor: string | null }> {
  const { args, page } = keyset({ list: "apis" }, BY_NAME, query);
  const { items, nextCursor } = page(await database().api.findMany({ ...args, select: apiColumns }));
  return { items: await apiViews(items), nextCursor };
}

async function viewOf(tx: Transaction, id: string): Promise<{ view: ApiView; etag: string }> {
  const api = await tx.api.findUnique({ where: { id }, select: apiColumns });
  const [view] = api ? await apiViews([api], tx) : [];
  if (!api || !view) throw notFound("API");
  return { view, etag: apiEtagOf(api) };
}

/** Returns an API with its own ETag, which differs from the draft's. @throws ManagementError 404 */
export const getApi = (id: string): Promise<{ view: ApiView; etag: string }> => viewOf(database(), id);

/** Creates an API from a definition. @throws ManagementError 400 or 409 */
export async function createApi(input: unknown, actor: string): Promise<ApiView> {
  const merge = mergeSecrets(parseDefinition(input), null, registry);
  if (merge.problems.length) throw invalid(merge.problems);
  const definition = canonicalDefinition(merge.definition);
  const id = newId("api");
  return inTransaction(async (tx) => {
    const references = await storeSecrets(tx, id, merge.fresh);
    await tx.api.create({
      data: {
        id,
        ...columnsOf(definition),
        draft: asJson(definition),
        draftSecrets: references,
        draftHash: definitionHash(definition, references),
        summary: asJson(summaryOf(definition, references, 1)),
        updatedBy: actor,
      },
    });
    await claimContextPaths(tx, id, [definition.contextPath]);
    await recordActivity(tx, { actor, action: "created", target: "api", targetId: id, summary: `Created the API ${definition.name}` });
    return (await viewOf(tx, id)).view;
  });
}

const columnsOf = (definition: Definition) => ({ name: definition.name, version: definition.version, contextPath: definition.contextPath });

/**
 * Returns the draft without secrets, and its ETag. A draft that this version can't read is returned as stored, to be corrected.
 * @throws ManagementError 404
 */
export async function getDraft(id: string): Promise<{ document: Record<string, unknown>; etag: string }> {
  const api = await database().api.findUnique({ where: { id }, select: { draft: true, revision: true } });
  if (!api) throw notFound("API");
  const read = readStored(api.draft);
  return { document: read.ok ? { ...read.definition } : storedDocument(api.draft), etag: etagOf(api) };
}

/** Returns the draft. @throws ManagementError 404, or 409 if this version can't read it */
export async function getDefinition(id: string): Promise<Definition> {
  const api = await database().api.findUnique({ where: { id }, select: { draft: true } });
  if (!api) throw notFound("API");
  return storedDefinition(api.draft);
}

/** Returns a stored definition unvalidated. */
export const storedDocument = (stored: unknown): Record<string, unknown> =>
  typeof stored === "object" && stored !== null && !Array.isArray(stored) ? { ...stored } : { stored };

/** Writes a draft. Call it under the API's lock. @throws ManagementError 409 */
export async function writeDraft(
  tx: Transaction,
  api: StoredApi,
  definition: Definition,
  references: SecretReferences,
  actor: string,
): Promise<void> {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  const deployed = active && storedContextPath(active.definition);
  await claimContextPaths(tx, api.id, deployed === undefined ? [definition.contextPath] : [definition.contextPath, deployed]);
  const revision = api.revision + 1;
  // Compares the revision in the write itself: only the locked draft can be replaced.
  const { count } = await tx.api.updateMany({
    where: { id: api.id, revision: api.revision },
    data: {
      ...columnsOf(definition),
      draft: asJson(definition),
      draftSecrets: references,
      draftHash: definitionHash(definition, references),
      summary: asJson(summaryOf(definition, references, revision)),
      revision,
      updatedAt: new Date(),
      updatedBy: actor,
    },
  });
  if (count === 0) throw new ManagementError(409, "A concurrent request changed the draft. Read it again and retry.");
}

/**
 * Returns the definition that incoming secrets are compared with: the stored draft. If this version can't read it, the endpoints
 * and resources alone, which own the secrets; null if those are unreadable too.
 */
function storedForSecrets(api: StoredApi): { definition: Definition; references: SecretReferences } | null {
  const references = referencesOf(api.draftSecrets);
  const read = readStored(api.draft);
  if (read.ok) return { definition: read.definition, references };
  const { endpoints, resources } = storedDocument(api.draft);
  const { name, version, contextPath } = api;
  const parts = readStored({ name, version, contextPath, endpoints, ...(resources === undefined ? {} : { resources }) });
  return parts.ok ? { definition: parts.definition, references } : null;
}

/** Returns whether the stored draft equals this one, including the versions of its secrets. */
function isStored(api: StoredApi, definition: Definition, references: SecretReferences): boolean {
  const read = readStored(api.draft);
  return read.ok && hashInput(read.definition, referencesOf(api.draftSecrets)) === hashInput(definition, references);
}

/** Replaces the draft. An equal draft changes nothing. @throws ManagementError 400, 404, 409 or 412 */
export async function putDefinition(
  id: string,
  input: unknown,
  preconditions: Preconditions | undefined,
  actor: string,
): Promise<{ definition: Definition; etag: string }> {
  return inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    checkDraft(api, preconditions);
    const merge = mergeSecrets(parseDefinition(input), storedForSecrets(api), registry);
    const problems = [...merge.problems, ...(await mismatchedKeys(tx, id, merge.definition, merge.kept))];
    if (problems.length) throw invalid(problems);
    if (merge.fresh.size === 0 && isStored(api, canonicalDefinition(merge.definition), merge.kept))
      return { definition: canonicalDefinition(merge.definition), etag: etagOf(api) };
    const references = { ...merge.kept, ...(await storeSecrets(tx, id, merge.fresh)) };
    const definition = canonicalDefinition(merge.definition);
    await writeDraft(tx, api, definition, references, actor);
    await recordActivity(tx, { actor, action: "saved", target: "api", targetId: id, summary: `Saved the draft of ${definition.name}` });
    return { definition, etag: etagOf({ revision: api.revision + 1 }) };
  });
}

/** Deletes an API with its deployments and secrets. Gateways stop serving it. @throws ManagementError 404 or 412 */
export async function deleteApi(id: string, preconditions: Preconditions | undefined, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    checkDraft(api, preconditions);
    await tx.api.delete({ where: { id } });
    await tx.secret.deleteMany({ where: { ownerId: id } });
    await recordActivity(tx, { actor, action: "deleted", target: "api", targetId: id, summary: `Deleted the API ${api.name}` });
  });
  await refreshGateway();
  await invalidateTokensOfApi(id);
}
