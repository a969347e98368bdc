import { ANY_METHOD, type OperationKey, shapeOf } from "./operation-paths";

/** An exported operation. */
export interface ExportedOperation extends OperationKey {
  summary: string;
  needsToken: boolean;
}

/** The input of an export. It has no secrets. */
export interface ExportedApi {
  name: string;
  version: string;
  description: string;
  /** The API's public URL with its context path, without a trailing slash. */
  url: string;
  /** The token endpoint; empty when it's unknown, for example of an external server. */
  tokenUrl: string;
  /** Requested scopes, separated by spaces. */
  scope: string;
  operations: readonly ExportedOperation[];
}

/** Safe methods (RFC 9110, 9.2.1). */
export const READING_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Converts operations to requests. Any method becomes GET unless the path has one; without operations, it's a GET of the API itself.
 */
export function callsOf(operations: readonly ExportedOperation[], needsToken: boolean): ExportedOperation[] {
  const known = new Set(operations.map(({ method, path }) => `${method} ${shapeOf(path)}`));
  const calls = operations.flatMap((operation) => {
    if (operation.method !== ANY_METHOD) return [operation];
    return known.has(`GET ${shapeOf(operation.path)}`) ? [] : [{ ...operation, method: "GET" }];
  });
  return calls.length > 0 ? calls : [{ method: "GET", path: "/", summary: "", needsToken }];
}

/** Encodes a literal segment for a URL, keeping allowed characters. */
export const encodedSegment = (segment: string): string =>
  encodeURIComponent(segment)
    .replace(/%(?:24|26|2B|2C|3A|3D|40)/g, (encoded) => decodeURIComponent(encoded))
    .replace(/'/g, "%27");
