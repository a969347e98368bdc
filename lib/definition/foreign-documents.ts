type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value: unknown, ...keys: string[]) => isObject(value) && keys.some((key) => Object.hasOwn(value, key));

/** Formats of other products by their root keys, the unambiguous ones first. */
const FORMATS: [format: string, matches: (document: Json) => boolean][] = [
  ["an AsyncAPI document", (document) => has(document, "asyncapi")],
  ["a Kong configuration", (document) => has(document, "_format_version", "_transform")],
  [
    "a Gravitee API definition",
    (document) =>
      ["ApiDefinition", "ApiV4Definition"].includes(String(document.kind)) ||
      has(document, "endpointGroups", "listeners", "context_path", "gravitee", "definitionVersion") ||
      has(document.api, "endpointGroups", "listeners", "definitionVersion", "plans") ||
      has(document.proxy, "groups", "virtual_hosts", "context_path", "endpoints"),
  ],
  [
    "a WSO2 API definition",
    (document) =>
      has(document, "endpointConfig") || (isObject(document.data) && (document.type === "api" || has(document.data, "endpointConfig"))),
  ],
  ["a Postman collection", (document) => isObject(document.info) && /getpostman\.com/.test(String(document.info.schema))],
  ["an Apache APISIX configuration", (document) => Array.isArray(document.routes) || Array.isArray(document.upstreams)],
  ["a Kong configuration", (document) => Array.isArray(document.services)],
  ["a Kubernetes manifest", (document) => typeof document.apiVersion === "string" && typeof document.kind === "string"],
];

const ATTACH =
  "Create an API for its backend, then attach the document on the API's Access page or with PUT /api/v1/apis/{id}/openapi. Its operations then appear in Access, Try it and the studio.";

/** Detects a zip archive, which WSO2's apictl exports. */
const isArchive = (text: string) => text.startsWith("PK\u0003\u0004");

/** Identifies a text that isn't a document; otherwise undefined. */
export function foreignText(text: string): string | undefined {
  return isArchive(text) ? "Zip archives can't be imported. Unpack the archive and create the API manually." : undefined;
}

/**
 * Identifies a document of another product and returns the next step; undefined for a definition, which has `gatewright` or
 * `contextPath` and `endpoints`.
 */
export function foreignDocument(document: Json): string | undefined {
  if (has(document, "gatewright") || (typeof document.contextPath === "string" && has(document, "endpoints"))) return undefined;
  if (has(document, "openapi")) return `This is an OpenAPI document, not an API definition. ${ATTACH}`;
  if (has(document, "swagger"))
    return `This is a Swagger 2.0 document, not an API definition. Convert it to OpenAPI 3.0 or 3.1 first. ${ATTACH}`;
  const [format] = FORMATS.find(([, matches]) => matches(document)) ?? [];
  return format === undefined
    ? undefined
    : `This is ${format}. This version can't import it yet. Create the API manually, or import a definition in Gatewright's format, which starts with gatewright: 1.`;
}
