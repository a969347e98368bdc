import type { ClaimView } from "@/lib/management/contract/authorization";

/** A JSON value, as a claim can hold it. */
export type Json = ClaimView["value"];

/** How a claim's value is written down: as text, as JSON, or as a CEL expression. */
export type ValueMode = "text" | "json" | "expression";

/** What stands in the form for a claim that is there. */
export function valueDraft(claim: Pick<ClaimView, "kind" | "value">): { mode: ValueMode; text: string } {
  if (claim.kind === "expression") return { mode: "expression", text: String(claim.value) };
  return typeof claim.value === "string"
    ? { mode: "text", text: claim.value }
    : { mode: "json", text: JSON.stringify(claim.value, undefined, 2) };
}

/** What is sent for what stands in the form, or why it cannot be. */
export function valueOfDraft(mode: ValueMode, text: string): { kind: ClaimView["kind"]; value: Json } | { problem: string } {
  if (mode === "text") return { kind: "static", value: text };
  if (mode === "expression") {
    return text.trim() === "" ? { problem: "Write an expression, for example client.name." } : { kind: "expression", value: text.trim() };
  }
  if (text.trim() === "") return { problem: 'Write JSON, for example ["gold", 3] or true.' };
  try {
    return { kind: "static", value: JSON.parse(text) as Json };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : "it does not parse"}.` };
  }
}

/** A claim's value in one line, as the table shows it. */
export function valueInLine(claim: Pick<ClaimView, "kind" | "value">): string {
  return claim.kind === "expression" ? String(claim.value) : JSON.stringify(claim.value);
}
