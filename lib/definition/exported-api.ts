import { ANY_METHOD, type OperationKey, shapeOf } from "./operation-paths";

/** One operation as it is exported: what it is called with, and whether it needs a token. */
export interface ExportedOperation extends OperationKey {
  summary: string;
  needsToken: boolean;
}

/** What an export is written from. There is no secret in it, and so none in what is written. */
export interface ExportedApi {
  name: string;
  version: string;
  description: string;
  /** Where callers reach it, with the context path and without a slash at the end. */
  url: string;
  /** The token endpoint; empty where only a foreign authorization server knows it. */
  tokenUrl: string;
  /** What is asked for, separated by spaces. */
  scope: string;
  operations: readonly ExportedOperation[];
}

/** Methods that change nothing. */
export const READING_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * The operations as calls: any method is a GET, unless there is one at the path already; without any operation, a GET of the API
 * itself, which `needsToken` describes.
 */
export function callsOf(operations: readonly ExportedOperation[], needsToken: boolean): ExportedOperation[] {
  const known = new Set(operations.map(({ method, path }) => `${method} ${shapeOf(path)}`));
  const calls = operations.flatMap((operation) => {
    if (operation.method !== ANY_METHOD) return [operation];
    return known.has(`GET ${shapeOf(operation.path)}`) ? [] : [{ ...operation, method: "GET" }];
  });
  return calls.length > 0 ? calls : [{ method: "GET", path: "/", summary: "", needsToken }];
}

/** A literal segment as it stands in a URL, with what may stand there left readable. */
export const encodedSegment = (segment: string): string =>
  encodeURIComponent(segment)
    .replace(/%(?:24|26|2B|2C|3A|3D|40)/g, (encoded) => decodeURIComponent(encoded))
    .replace(/'/g, "%27");
