import type { ClaimView } from "@/lib/management/contract/authorization";

/** A JSON value of a claim. */
export type Json = ClaimView["value"];

/** How a claim's value is entered: as text, JSON, or a CEL expression. */
export type ValueMode = "text" | "json" | "expression";

/** Returns the form's content for an existing claim. */
export function valueDraft(claim: Pick<ClaimView, "kind" | "value">): { mode: ValueMode; text: string } {
  if (claim.kind === "expression") return { mode: "expression", text: String(claim.value) };
  return typeof claim.value === "string"
    ? { mode: "text", text: claim.value }
    : { mode: "json", text: JSON.stringify(claim.value, undefined, 2) };
}

/** Returns the request body of the form's content, or its problem. */
export function valueOfDraft(mode: ValueMode, text: string): { kind: ClaimView["kind"]; value: Json } | { problem: string } {
  if (mode === "text") return { kind: "static", value: text };
  if (mode === "expression") {
    return text.trim() === "" ? { problem: "Enter an expression, for example client.name." } : { kind: "expression", value: text.trim() };
  }
  if (text.trim() === "") return { problem: 'Enter JSON, for example ["gold", 3] or true.' };
  try {
    return { kind: "static", value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `Invalid JSON: ${error instanceof Error ? error.message : "it can't be parsed"}.` };
  }
}

/** Returns a claim's value on one line, for the table. */
export function valueInLine(claim: Pick<ClaimView, "kind" | "value">): string {
  return claim.kind === "expression" ? String(claim.value) : JSON.stringify(claim.value);
}
