import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/definition/canonical";
import { ManagementError } from "./errors";

/** Preconditions of a write as sent (RFC 9110, 13.1). */
export interface Preconditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

const TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** Suffix that some compressing proxies append inside a tag's quotes; standard-compliant ones make the tag weak instead. */
const CODING_SUFFIX = /[-;](?:gzip|br|zstd|deflate)$/;

/** Returns the entity tags of a list header, and skips invalid ones. */
function tagsIn(header: string): string[] {
  const tags: string[] = [];
  // A tag may contain commas, so only quotes delimit tags.
  for (const [part] of header.matchAll(/(?:[^",]|"[^"]*")+/g)) {
    const opaque = TAG.exec(part.trim())?.[1];
    if (opaque !== undefined) tags.push(opaque.replace(CODING_SUFFIX, ""));
  }
  return tags;
}

/**
 * Returns whether a header matches one of the current tags, which include their quotes. Weak tags match too: compressing proxies
 * weaken tags (RFC 9110, 8.8.3.3), and a revision has one representation.
 */
export function namesTag(header: string, current: readonly string[]): boolean {
  if (header.trim() === "*") return current.length > 0;
  const known = new Set(current.map((tag) => TAG.exec(tag)?.[1]));
  return tagsIn(header).some((tag) => known.has(tag));
}

/**
 * Compares a write's preconditions with the current state. Call it under the write's lock.
 * @param current ETags of the resource, the one to return first; empty if it doesn't exist
 * @param who changed it last, if known
 * @throws ManagementError 412 with the current ETag
 */
export function checkPreconditions(sent: Preconditions | undefined, current: readonly string[], who?: string): void {
  const { ifMatch, ifNoneMatch } = sent ?? {};
  const headers: Record<string, string> = current[0] === undefined ? {} : { ETag: current[0] };
  if (ifMatch !== undefined && !namesTag(ifMatch, current)) {
    const what =
      current.length === 0
        ? "The resource doesn't exist"
        : `${who === undefined ? "The resource was changed" : `${who} changed the resource`} after you read it, or If-Match isn't one of its ETags`;
    throw new ManagementError(412, `${what}. Nothing was saved. Read it again, compare, and retry.`, [], headers);
  }
  if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, current))
    throw new ManagementError(
      412,
      "If-None-Match matches the existing resource. Nothing was saved. Use If-Match to replace it.",
      [],
      headers,
    );
}

/** Reads a resource and compares preconditions with it, if any was sent. @throws ManagementError 404 or 412 */
export async function checkTagOf(sent: Preconditions | undefined, read: () => { etag: string } | Promise<{ etag: string }>): Promise<void> {
  if (sent?.ifMatch !== undefined || sent?.ifNoneMatch !== undefined) checkPreconditions(sent, [(await read()).etag]);
}

/** Returns an ETag of a representation: equal representations have equal tags. */
export function contentTag(view: unknown): string {
  return `"${createHash("sha256").update(canonicalJson(view)).digest("base64url").slice(0, 22)}"`;
}

/** Adds a representation's own ETag. */
export const tagged = <T extends object>(view: T): T & { etag: string } => ({ ...view, etag: contentTag(view) });
