import { LRUCache } from "lru-cache";
import type { ApiDocument } from "@/generated/prisma/client";
import { OPENAPI_BYTES_MAX, type OpenApiDocument, readOpenApi } from "@/lib/definition/openapi";
import { database } from "@/lib/platform/database";
import { lockApi } from "./apis";
import { inTransaction, recordActivity } from "./context";
import type { ApiDocumentView } from "./contract/access";
import { invalid, ManagementError, notFound } from "./errors";
import { checkPreconditions, contentTag, type Preconditions } from "./preconditions";

/** Reading a document takes up to a second, and it is asked for far more often than it changes. */
const known = new LRUCache<string, OpenApiDocument>({ max: 50 });

function storedDocument({ apiId, text, updatedAt }: ApiDocument): OpenApiDocument {
  const key = `${apiId} ${updatedAt.getTime()}`;
  const found = known.get(key);
  if (found) return found;
  const read = readOpenApi(text);
  if (!read.ok) throw new Error(`The stored OpenAPI document of ${apiId} cannot be read.`);
  known.set(key, read.document);
  return read.document;
}

/** The ETag of a document as it is stored. */
const documentTag = ({ apiId, text, updatedAt }: ApiDocument) => contentTag([apiId, text, updatedAt.toISOString()]);

const documentView = (row: ApiDocument): ApiDocumentView => ({
  ...storedDocument(row),
  text: row.text,
  updatedAt: row.updatedAt.toISOString(),
  updatedBy: row.updatedBy,
  etag: documentTag(row),
});

/** Compares preconditions with the document that an API has, or with none. @throws ManagementError 412 */
function checkDocument(preconditions: Preconditions | undefined, row: ApiDocument | null): void {
  checkPreconditions(preconditions, row ? [documentTag(row)] : [], row?.updatedBy);
}

/** The operations that an API's document names; null when it has none. */
export async function findDocument(apiId: string): Promise<OpenApiDocument | null> {
  const row = await database().apiDocument.findUnique({ where: { apiId } });
  return row && storedDocument(row);
}

/** The document of an API. @throws ManagementError 404 when there is no such API, or when it has none */
export async function getDocument(apiId: string): Promise<ApiDocumentView> {
  const row = await database().apiDocument.findUnique({ where: { apiId } });
  if (row) return documentView(row);
  if ((await database().api.count({ where: { id: apiId } })) === 0) throw notFound("API");
  throw new ManagementError(404, "This API has no OpenAPI document. Attach one with PUT.");
}

/**
 * Attaches a document, or replaces it; the same text again changes nothing. `If-None-Match: *` attaches one only where there is
 * none. @throws ManagementError 400 that names what is wrong, 404, 412 or 413
 */
export async function putDocument(apiId: string, text: string, actor: string, preconditions?: Preconditions): Promise<ApiDocumentView> {
  if (Buffer.byteLength(text) > OPENAPI_BYTES_MAX) throw new ManagementError(413, "An OpenAPI document has at most 1 MB.");
  const read = readOpenApi(text);
  if (!read.ok) throw invalid(read.problems);
  const row = await inTransaction(async (tx) => {
    const api = await lockApi(tx, apiId);
    const before = await tx.apiDocument.findUnique({ where: { apiId } });
    checkDocument(preconditions, before);
    if (before?.text === text) return before;
    const data = { text, updatedAt: new Date(), updatedBy: actor };
    const stored = await tx.apiDocument.upsert({ where: { apiId }, create: { apiId, ...data }, update: data });
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "api",
      targetId: apiId,
      summary: `Attached the OpenAPI document ${read.document.title.slice(0, 100)} to ${api.name}`,
    });
    return stored;
  });
  return documentView(row);
}

/** Removes the document. @throws ManagementError 404 or 412 */
export async function deleteDocument(apiId: string, actor: string, preconditions?: Preconditions): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, apiId);
    const before = await tx.apiDocument.findUnique({ where: { apiId } });
    if (!before) throw notFound("OpenAPI document");
    checkDocument(preconditions, before);
    await tx.apiDocument.delete({ where: { apiId } });
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "api",
      targetId: apiId,
      summary: `Removed the OpenAPI document of ${api.name}`,
    });
  });
}
