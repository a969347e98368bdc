import { canonicalDefinition } from "@/lib/definition/canonical";
import { definitionHash } from "@/lib/definition/hash";
import type { Definition } from "@/lib/definition/schema";
import { mergeSecrets, type SecretReferences } from "@/lib/definition/secrets";
import { database, type Transaction } from "@/lib/platform/database";
import { newId } from "@/lib/platform/ids";
import { apiView, asJson, etagOf, referencesOf, type StoredApi } from "./api-view";
import { box, inTransaction, recordActivity } from "./context";
import { claimContextPaths } from "./context-paths";
import type { ApiView } from "./contract/apis";
import { invalid, ManagementError, notFound } from "./errors";
import { BY_NAME, keyset, type PageQuery } from "./paging";
import { parseDefinition, registry, storedDefinition } from "./registry";
import { refreshGateway } from "./runtime";
import { forgetTokensOfApi } from "./shared-tokens";
import { strayKeys } from "./stray-keys";

/** The columns of the active deployment come with the API; the history does not. */
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

/** The same, and nobody else writes the API before this transaction ends. */
export async function lockApi(tx: Transaction, id: string): Promise<StoredApi> {
  await tx.$queryRaw`SELECT 1 FROM "Api" WHERE "id" = ${id} FOR UPDATE`;
  return loadApi(tx, id);
}

/**
 * Compares `If-Match` with the draft's ETag (RFC 9110, section 13.1.1: strong comparison).
 * @throws ManagementError 412
 */
export function checkIfMatch(api: StoredApi, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === "*") return;
  const tags = ifMatch.split(",").map((tag) => tag.trim());
  if (tags.includes(etagOf(api))) return;
  throw new ManagementError(
    412,
    `${api.updatedBy} changed this draft after you read it. Nothing was overwritten: read it again, compare, and repeat your change.`,
    [],
    { ETag: etagOf(api) },
  );
}

/** Stores new secrets as new versions; older versions stay, because deployments refer to them. */
async function storeSecrets(tx: Transaction, apiId: string, fresh: ReadonlyMap<string, string>): Promise<SecretReferences> {
  const references: SecretReferences = {};
  for (const [key, value] of fresh) {
    const id = newId("sec");
    await tx.secret.create({ data: { id, ownerId: apiId, ciphertext: box().seal(value, apiId) } });
    references[key] = id;
  }
  return references;
}

/** A page of APIs by name. */
export async function listApis(query: PageQuery): Promise<{ items: ApiView[]; nextCursor: string | null }> {
  const { args, page } = keyset({ list: "apis" }, BY_NAME, query);
  const { items, nextCursor } = page(await database().api.findMany(args));
  return { items: (await withActive(database(), items)).map(apiView), nextCursor };
}

/** One API. @throws ManagementError 404 */
export async function getApi(id: string): Promise<ApiView> {
  return apiView(await loadApi(database(), id));
}

/** Creates an API from a definition. @throws ManagementError 400 or 409 */
export async function createApi(input: unknown, actor: string): Promise<ApiView> {
  const merge = mergeSecrets(parseDefinition(input), null, registry);
  if (merge.problems.length) throw invalid(merge.problems);
  const definition = canonicalDefinition(merge.definition);
  const id = newId("api");
  const api = await inTransaction(async (tx) => {
    const references = await storeSecrets(tx, id, merge.fresh);
    await tx.api.create({
      data: {
        id,
        ...columnsOf(definition),
        draft: asJson(definition),
        draftSecrets: references,
        draftHash: definitionHash(definition, references),
        updatedBy: actor,
      },
    });
    await claimContextPaths(tx, id, [definition.contextPath]);
    await recordActivity(tx, { actor, action: "created", target: "api", targetId: id, summary: `Created the API ${definition.name}` });
    return loadApi(tx, id);
  });
  return apiView(api);
}

const columnsOf = (definition: Definition) => ({ name: definition.name, version: definition.version, contextPath: definition.contextPath });

/** The draft without secrets, and its ETag. @throws ManagementError 404 */
export async function getDefinition(id: string): Promise<{ definition: Definition; etag: string }> {
  const api = await loadApi(database(), id);
  return { definition: storedDefinition(api.draft), etag: etagOf(api) };
}

/** Writes a draft inside a transaction that holds the API's lock. */
export async function writeDraft(
  tx: Transaction,
  api: StoredApi,
  definition: Definition,
  references: SecretReferences,
  actor: string,
): Promise<void> {
  const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
  const servedPath = active ? [storedDefinition(active.definition).contextPath] : [];
  await claimContextPaths(tx, api.id, [definition.contextPath, ...servedPath]);
  await tx.api.update({
    where: { id: api.id },
    data: {
      ...columnsOf(definition),
      draft: asJson(definition),
      draftSecrets: references,
      draftHash: definitionHash(definition, references),
      revision: { increment: 1 },
      updatedAt: new Date(),
      updatedBy: actor,
    },
  });
}

/** Replaces the draft. @throws ManagementError 400, 404, 409 or 412 */
export async function putDefinition(
  id: string,
  input: unknown,
  ifMatch: string | undefined,
  actor: string,
): Promise<{ definition: Definition; etag: string }> {
  return inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    checkIfMatch(api, ifMatch);
    const stored = { definition: storedDefinition(api.draft), references: referencesOf(api.draftSecrets) };
    const merge = mergeSecrets(parseDefinition(input), stored, registry);
    const problems = [...merge.problems, ...(await strayKeys(tx, id, merge.definition, merge.kept))];
    if (problems.length) throw invalid(problems);
    const references = { ...merge.kept, ...(await storeSecrets(tx, id, merge.fresh)) };
    const definition = canonicalDefinition(merge.definition);
    await writeDraft(tx, api, definition, references, actor);
    await recordActivity(tx, { actor, action: "saved", target: "api", targetId: id, summary: `Saved the draft of ${definition.name}` });
    return { definition, etag: etagOf({ revision: api.revision + 1 }) };
  });
}

/** Deletes an API with its deployments and secrets; gateways stop serving it. @throws ManagementError 404 or 412 */
export async function deleteApi(id: string, ifMatch: string | undefined, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    checkIfMatch(api, ifMatch);
    await tx.api.delete({ where: { id } });
    await tx.secret.deleteMany({ where: { ownerId: id } });
    await recordActivity(tx, { actor, action: "deleted", target: "api", targetId: id, summary: `Deleted the API ${api.name}` });
  });
  await refreshGateway();
  await forgetTokensOfApi(id);
}
