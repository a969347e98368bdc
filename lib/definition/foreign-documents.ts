type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value: unknown, ...keys: string[]) => isObject(value) && keys.some((key) => Object.hasOwn(value, key));

/** Formats of other products by what their files have at the root, the ones that are sure first. */
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
  "Create an API for its backend, then attach the document on the API's Access page, or with PUT /api/v1/apis/{id}/openapi: its operations then appear in Access, Try it and the studio.";

/** A zip archive begins with these characters; apictl of WSO2 exports such files. */
const isArchive = (text: string) => text.startsWith("PK\u0003\u0004");

/** Says of a text that is no document at all what it is, or nothing. */
export function foreignText(text: string): string | undefined {
  return isArchive(text) ? "This is a zip archive, which can't be imported. Unpack it, and create the API by hand." : undefined;
}

/**
 * Says of a document of another product what it is and what can be done with it, or nothing. A definition of our own is told by
 * `gatewright`, or by `contextPath` and `endpoints`.
 */
export function foreignDocument(document: Json): string | undefined {
  if (has(document, "gatewright") || (typeof document.contextPath === "string" && has(document, "endpoints"))) return undefined;
  if (has(document, "openapi")) return `This is an OpenAPI document, not an API definition. ${ATTACH}`;
  if (has(document, "swagger"))
    return `This is a Swagger 2.0 document, not an API definition. Convert it to OpenAPI 3.0 or 3.1 first. ${ATTACH}`;
  const [format] = FORMATS.find(([, matches]) => matches(document)) ?? [];
  return format === undefined
    ? undefined
    : `This is ${format}. This version doesn't import it yet: create the API by hand, or import a definition in Gatewright's own format, which starts with gatewright: 1.`;
}
