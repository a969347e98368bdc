import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/definition/canonical";
import { ManagementError } from "./errors";

/** The preconditions of a write as they were sent (RFC 9110, 13.1). */
export interface Preconditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

const TAG = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/** What proxies that compress append to a tag inside its quotes; those that follow the standard make it weak instead. */
const CODING_SUFFIX = /[-;](?:gzip|br|zstd|deflate)$/;

/** The tags of a list; those that are no entity tags match nothing. */
function tagsIn(header: string): string[] {
  const tags: string[] = [];
  // A comma may be part of a tag, so that only the quotes tell tags apart.
  for (const [part] of header.matchAll(/(?:[^",]|"[^"]*")+/g)) {
    const opaque = TAG.exec(part.trim())?.[1];
    if (opaque !== undefined) tags.push(opaque.replace(CODING_SUFFIX, ""));
  }
  return tags;
}

/**
 * Whether a header names one of the current tags, each in its quotes. A weak tag of the current revision counts as well: a proxy
 * that compresses makes every tag weak (RFC 9110, 8.8.3.3), and a revision is never two representations.
 */
export function namesTag(header: string, current: readonly string[]): boolean {
  if (header.trim() === "*") return current.length > 0;
  const known = new Set(current.map((tag) => TAG.exec(tag)?.[1]));
  return tagsIn(header).some((tag) => known.has(tag));
}

/**
 * Compares the preconditions of a write with what is there now. Call it under the lock that the write holds: then what was
 * compared is what is written over.
 * @param current the tags of the resource, the one to answer first; none when it does not exist
 * @param who changed it last, where that is known
 * @throws ManagementError 412 with the current ETag
 */
export function checkPreconditions(sent: Preconditions | undefined, current: readonly string[], who?: string): void {
  const { ifMatch, ifNoneMatch } = sent ?? {};
  const headers: Record<string, string> = current[0] === undefined ? {} : { ETag: current[0] };
  if (ifMatch !== undefined && !namesTag(ifMatch, current)) {
    const what =
      current.length === 0
        ? "It does not exist"
        : `${who === undefined ? "It was changed" : `${who} changed it`} after you read it, or If-Match is not an ETag of it`;
    throw new ManagementError(412, `${what}. Nothing was changed: read it again, compare, and repeat your change.`, [], headers);
  }
  if (ifNoneMatch !== undefined && namesTag(ifNoneMatch, current))
    throw new ManagementError(412, "If-None-Match names what is there. Nothing was changed.", [], headers);
}

/** Compares preconditions, when any was sent, with a resource that is read for it. @throws ManagementError 404 or 412 */
export async function checkTagOf(sent: Preconditions | undefined, read: () => { etag: string } | Promise<{ etag: string }>): Promise<void> {
  if (sent?.ifMatch !== undefined || sent?.ifNoneMatch !== undefined) checkPreconditions(sent, [(await read()).etag]);
}

/** An ETag of what a resource answers: equal answers have equal tags. */
export function contentTag(view: unknown): string {
  return `"${createHash("sha256").update(canonicalJson(view)).digest("base64url").slice(0, 22)}"`;
}

/** A view with the ETag of everything in it. */
export const tagged = <T extends object>(view: T): T & { etag: string } => ({ ...view, etag: contentTag(view) });
