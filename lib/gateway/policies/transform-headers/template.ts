import type { Exchange } from "../../exchange";
import { type ClaimReader, claimReader } from "../../resources/claim-path";
import { isExact } from "../../resources/exact-number";
import { headerSafe } from "../../resources/header-safe";

const PLACEHOLDER = /\{claims\.([^{}]+)\}/g;

/** Whether a header value has claim placeholders. */
export const hasPlaceholder = (value: string): boolean => value.search(PLACEHOLDER) !== -1;

/** Evaluates a header value for one request; null when the token lacks one of its claims. */
export type Template = (exchange: Pick<Exchange, "payload">) => string | null;

/** Formats a claim as a header value; null when it's empty. Commas within list members are percent-encoded. */
function claimText(value: unknown): string | null {
  if (Array.isArray(value)) {
    const members = value.map(claimText).filter((member) => member !== null);
    return members.length === 0 ? null : members.map((member) => member.replaceAll(",", "%2C")).join(",");
  }
  if (value !== null && typeof value === "object") return headerSafe(JSON.stringify(value));
  if (typeof value === "string") return value === "" ? null : headerSafe(value);
  return isExact(value) || typeof value === "boolean" ? String(value) : null;
}

/** Compiles a value with placeholders such as `{claims.email}`; null when it has none. */
export function compileTemplate(value: string): Template | null {
  if (!hasPlaceholder(value)) return null;
  const parts: (string | ClaimReader)[] = [];
  let end = 0;
  for (const found of value.matchAll(PLACEHOLDER)) {
    parts.push(value.slice(end, found.index), claimReader(found[1] ?? ""));
    end = found.index + found[0].length;
  }
  parts.push(value.slice(end));
  return ({ payload }) => {
    if (payload === null) return null;
    let text = "";
    for (const part of parts) {
      const piece = typeof part === "string" ? part : claimText(part(payload));
      if (piece === null) return null;
      text += piece;
    }
    return text;
  };
}
