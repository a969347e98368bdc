import { readDocument, writeDocument } from "@/lib/definition/document";
import { unstorableText } from "@/lib/definition/storable";
import { createApi, getDefinition } from "./apis";
import type { ApiView } from "./contract/apis";
import { invalid } from "./errors";

/**
 * Creates an API from a document of our own format, JSON or YAML.
 * @throws ManagementError 400 that names what is wrong, or 409
 */
export async function importApi(text: string, actor: string): Promise<ApiView & { notCarriedOver: string[] }> {
  const document = readDocument(text);
  if (!document.ok) throw invalid(document.problems);
  const unstorable = unstorableText(document.value);
  if (unstorable.length) throw invalid(unstorable);
  return { ...(await createApi(document.value, actor)), notCarriedOver: [] };
}

/** The draft as a file, without secrets. @throws ManagementError 404 */
export async function exportApi(id: string, format: "json" | "yaml"): Promise<{ text: string; fileName: string; contentType: string }> {
  const { definition } = await getDefinition(id);
  const stem = `${definition.name}-${definition.version}`.replace(/[^A-Za-z0-9._-]+/g, "-");
  return {
    text: writeDocument(definition, format),
    fileName: `${stem}.${format}`,
    contentType: format === "json" ? "application/json" : "application/yaml; charset=utf-8",
  };
}
