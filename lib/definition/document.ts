import { readJsonOrYaml } from "./document-text";
import { foreignDocument, foreignText } from "./foreign-documents";
import type { Problem } from "./problems";
import { DEFINITION_VERSION, type Definition } from "./schema";
import { writeYaml } from "./yaml-text";

/** A parsed document for the definition schema, or its problems. */
export type DocumentResult = { ok: true; value: Record<string, unknown> } | { ok: false; problems: Problem[] };

const fail = (path: string, message: string): DocumentResult => ({ ok: false, problems: [{ path, message }] });

/** Parses the text of a definition: JSON or YAML. */
export function readDocument(text: string): DocumentResult {
  const archive = foreignText(text);
  if (archive) return fail("", archive);
  const read = readJsonOrYaml(text, { textKeys: ["name", "version", "description"], uniqueKeys: true });
  if (typeof read === "string") return fail("", read);
  const { value } = read;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return fail(
      "",
      "The document isn't an API definition. A definition starts with `gatewright: 1` and has name, contextPath and endpoints.",
    );
  }
  const foreign = foreignDocument(value as Record<string, unknown>);
  if (foreign) return fail("", foreign);
  const version = (value as Record<string, unknown>).gatewright;
  if (typeof version === "number" && version > DEFINITION_VERSION) {
    return fail(
      "gatewright",
      `The document has format ${version}, but this version supports up to ${DEFINITION_VERSION}. Import it with a newer Gatewright.`,
    );
  }
  return { ok: true, value: value as Record<string, unknown> };
}

/** Writes a definition as JSON or YAML in document order. */
export function writeDocument(definition: Definition | Readonly<Record<string, unknown>>, format: "json" | "yaml"): string {
  const { gatewright, ...rest }: Readonly<Record<string, unknown>> = { ...definition };
  const ordered = { gatewright, ...rest };
  return format === "json" ? `${JSON.stringify(ordered, null, 2)}\n` : writeYaml(ordered);
}
