import { LRUCache } from "lru-cache";
import type { ApiDocument } from "@/generated/prisma/client";
import { OPENAPI_BYTES_MAX, type OpenApiDocument, type OpenApiResult } from "@/lib/definition/openapi";
import { database } from "@/lib/platform/database";
import { lockApi } from "./apis";
import { inTransaction, recordActivity } from "./context";
import type { ApiDocumentView } from "./contract/access";
import { invalid, ManagementError, notFound } from "./errors";
import { checkPreconditions, contentTag, type Preconditions } from "./preconditions";
import { readOpenApiText } from "./read-document";

/** Parsing a document takes up to 1 second, and documents are read far more often than they change. */
const cache = new LRUCache<string, Promise<OpenApiResult>>({ max: 50 });

const versionKey = ({ apiId, updatedAt }: ApiDocument) => `${apiId} ${updatedAt.getTime()}`;

function readStored(row: ApiDocument): Promise<OpenApiResult> {
  const key = versionKey(row);
  const found = cache.get(key);
  if (found) return found;
  const reading = readOpenApiText(row.text);
  cache.set(key, reading);
  reading.catch(() => cache.delete(key));
  return reading;
}

/** @throws ManagementError 409 for a document that an earlier version accepted and this one rejects */
async function storedDocument(row: ApiDocument): Promise<OpenApiDocument> {
  const read = await readStored(row);
  if (read.ok) return read.document;
  throw new ManagementError(
    409,
    `This version can't read the stored OpenAPI document: ${read.problems[0]?.message ?? "it's invalid."} Attach a corrected one.`,
  );
}

/** Returns the ETag of a stored document. */
const documentTag = ({ apiId, text, updatedAt }: ApiDocument) => contentTag([apiId, text, updatedAt.toISOString()]);

const documentView = async (row: ApiDocument): Promise<ApiDocumentView> => ({
  ...(await storedDocument(row)),
  text: row.text,
  updatedAt: row.updatedAt.toISOString(),
  updatedBy: row.updatedBy,
  etag: documentTag(row),
});

/** Compares preconditions with the attached document; null if the API has none. @throws ManagementError 412 */
function checkDocument(preconditions: Preconditions | undefined, row: ApiDocument | null): void {
  checkPreconditions(preconditions, row ? [documentTag(row)] : [], row?.updatedBy);
}

/** Returns an API's OpenAPI document; null if it has none or an unreadable one. */
export async function findDocument(apiId: string): Promise<OpenApiDocument | null> {
  const row = await database().apiDocument.findUnique({ where: { apiId } });
  if (!row) return null;
  const read = await readStored(row);
  return read.ok ? read.document : null;
}

/** Returns an API's OpenAPI document. @throws ManagementError 404 if the API doesn't exist or has no document */
export async function getDocument(apiId: string): Promise<ApiDocumentView> {
  const row = await database().apiDocument.findUnique({ where: { apiId } });
  if (row) return documentView(row);
  if ((await database().api.count({ where: { id: apiId } })) === 0) throw notFound("API");
  throw new ManagementError(404, "The API has no OpenAPI document. Attach one with PUT.");
}

/**
 * Attaches or replaces a document; the same text again changes nothing. `If-None-Match: *` never replaces one.
 * @throws ManagementError 400, 404, 412 or 413
 */
export async function putDocument(apiId: string, text: string, actor: string, preconditions?: Preconditions): Promise<ApiDocumentView> {
  if (Buffer.byteLength(text) > OPENAPI_BYTES_MAX)
    throw new ManagementError(413, "The OpenAPI document exceeds 1 MB. Attach a smaller one.");
  const read = await readOpenApiText(text);
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
  cache.set(versionKey(row), Promise.resolve(read));
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
