import { writeCurlScript } from "@/lib/definition/curl-script";
import { writeDocument } from "@/lib/definition/document";
import { writePostman } from "@/lib/definition/postman";
import { createApi, getDefinition, getDraft } from "./apis";
import type { ApiView } from "./contract/apis";
import { invalid } from "./errors";
import { exportedApi } from "./exported-calls";
import { readDefinitionText } from "./read-document";

/**
 * Creates an API from a Gatewright definition in JSON or YAML.
 * @throws ManagementError 400 or 409
 */
export async function importApi(text: string, actor: string): Promise<ApiView & { notCarriedOver: string[] }> {
  const document = await readDefinitionText(text);
  if (!document.ok) throw invalid(document.problems);
  return { ...(await createApi(document.value, actor)), notCarriedOver: [] };
}

/** A file to download. */
export interface ExportedFile {
  text: string;
  fileName: string;
  contentType: string;
}

const SHELL_SCRIPT = "application/x-sh; charset=utf-8";

const stemOf = ({ name, version }: { name?: unknown; version?: unknown }) =>
  `${typeof name === "string" ? name : "api"}-${typeof version === "string" ? version : "0"}`.replace(/[^A-Za-z0-9._-]+/g, "-");

/**
 * Exports the draft without secrets: the definition, or its operations as requests. An unreadable draft is exported as stored.
 * @throws ManagementError 404, or 409 for the operations of an unreadable draft
 */
export async function exportApi(id: string, format: "json" | "yaml" | "postman" | "curl"): Promise<ExportedFile> {
  if (format === "json" || format === "yaml") {
    const { document } = await getDraft(id);
    const contentType = format === "json" ? "application/json" : "application/yaml; charset=utf-8";
    return { text: writeDocument(document, format), fileName: `${stemOf(document)}.${format}`, contentType };
  }
  const definition = await getDefinition(id);
  const stem = stemOf(definition);
  switch (format) {
    case "postman": {
      const { api, needsToken } = await exportedApi(id, definition);
      return { text: writePostman(api, needsToken), fileName: `${stem}.postman_collection.json`, contentType: "application/json" };
    }
    case "curl": {
      const { api, needsToken } = await exportedApi(id, definition);
      return { text: writeCurlScript(api, needsToken), fileName: `${stem}.sh`, contentType: SHELL_SCRIPT };
    }
  }
}
