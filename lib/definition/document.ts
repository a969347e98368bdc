import { readJsonOrYaml } from "./document-text";
import { foreignDocument, foreignText } from "./foreign-documents";
import type { Problem } from "./problems";
import { DEFINITION_VERSION, type Definition } from "./schema";
import { writeYaml } from "./yaml-text";

/** What reading a document gave: a value for the definition schema, or what is wrong with the text. */
export type DocumentResult = { ok: true; value: Record<string, unknown> } | { ok: false; problems: Problem[] };

const fail = (path: string, message: string): DocumentResult => ({ ok: false, problems: [{ path, message }] });

/** Reads a definition's text, JSON or YAML. */
export function readDocument(text: string): DocumentResult {
  const archive = foreignText(text);
  if (archive) return fail("", archive);
  const read = readJsonOrYaml(text, { textKeys: ["name", "version", "description"], uniqueKeys: true });
  if (typeof read === "string") return fail("", read);
  const { value } = read;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return fail("", "The document is not an API definition: it starts with `gatewright: 1` and has a name, a contextPath and endpoints.");
  }
  const foreign = foreignDocument(value as Record<string, unknown>);
  if (foreign) return fail("", foreign);
  const version = (value as Record<string, unknown>).gatewright;
  if (typeof version === "number" && version > DEFINITION_VERSION) {
    return fail(
      "gatewright",
      `The document is of format ${version}; this Gatewright reads up to ${DEFINITION_VERSION}. Import it with a newer Gatewright.`,
    );
  }
  return { ok: true, value: value as Record<string, unknown> };
}

/** Writes a definition as JSON or YAML, in the order in which people read it. */
export function writeDocument(definition: Definition | Readonly<Record<string, unknown>>, format: "json" | "yaml"): string {
  const { gatewright, ...rest }: Readonly<Record<string, unknown>> = { ...definition };
  const ordered = { gatewright, ...rest };
  return format === "json" ? `${JSON.stringify(ordered, null, 2)}\n` : writeYaml(ordered);
}
