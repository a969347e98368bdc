import { callsOf, type ExportedApi, type ExportedOperation, encodedSegment, READING_METHODS } from "./exported-api";
import { segmentOf, writtenSegments } from "./path-segments";

const SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/** Stores the token in a collection variable. */
const STORE_TOKEN = [
  'pm.test("A token was issued", () => pm.response.to.have.status(200));',
  'pm.collectionVariables.set("token", pm.response.json().access_token);',
];

const attribute = (key: string, value: string) => ({ key, value, type: "string" });

function tokenItem(scope: string) {
  return {
    name: "Get a token",
    event: [{ listen: "test", script: { type: "text/javascript", exec: STORE_TOKEN } }],
    request: {
      description: "First set the collection variables client_id and client_secret.",
      method: "POST",
      auth: { type: "basic", basic: [attribute("username", "{{client_id}}"), attribute("password", "{{client_secret}}")] },
      header: [{ key: "Accept", value: "application/json" }],
      url: "{{token_url}}",
      body: {
        mode: "urlencoded",
        urlencoded: [
          { key: "grant_type", value: "client_credentials", type: "text" },
          { key: "scope", value: "{{scope}}", type: "text", disabled: scope === "" },
        ],
      },
    },
    response: [],
  };
}

const PARTIAL = "path_";

/** A segment in Postman's notation. Path variables are whole segments, so a partial one becomes a collection variable. */
function postmanSegment(text: string): string {
  const { parameter, literal } = segmentOf(text);
  if (parameter === null) return encodedSegment(literal);
  return literal === "" ? `:${parameter}` : `{{${PARTIAL}${parameter}}}${encodedSegment(literal)}`;
}

/** The collection variables of partial segments. */
function partialVariables(paths: readonly string[]): [string, string][] {
  const parts = paths.flatMap(writtenSegments).map(segmentOf);
  const names = parts.flatMap(({ parameter, literal }) => (parameter === null || literal === "" ? [] : [`${PARTIAL}${parameter}`]));
  return [...new Set(names)].sort().map((name) => [name, "1"]);
}

function operationItem({ method, path, summary, needsToken }: ExportedOperation) {
  const segments = writtenSegments(path).map(postmanSegment);
  const variables = segments.filter((segment) => segment.startsWith(":"));
  const hasBody = !READING_METHODS.includes(method) && method !== "DELETE";
  return {
    name: summary ? `${method} ${path}: ${summary}` : `${method} ${path}`,
    request: {
      method,
      auth: needsToken ? { type: "bearer", bearer: [attribute("token", "{{token}}")] } : { type: "noauth" },
      header: hasBody ? [{ key: "Content-Type", value: "application/json" }] : [],
      ...(hasBody ? { body: { mode: "raw", raw: "{}", options: { raw: { language: "json" } } } } : {}),
      url: {
        raw: ["{{host}}", ...segments].join("/"),
        host: ["{{host}}"],
        path: segments,
        ...(variables.length > 0 ? { variable: variables.map((segment) => ({ key: segment.slice(1), value: "1" })) } : {}),
      },
    },
    response: [],
  };
}

/**
 * Writes a Postman collection (v2.1) with a token request and every operation. URL and credentials are collection variables; secret
 * and token are empty.
 */
export function writePostman(api: ExportedApi, needsToken: boolean): string {
  const calls = callsOf(api.operations, needsToken);
  const asksForToken = calls.some((call) => call.needsToken);
  const variables = [
    ["host", api.url],
    ...partialVariables(calls.map(({ path }) => path)),
    ...(asksForToken
      ? [
          ["token_url", api.tokenUrl],
          ["client_id", ""],
          ["client_secret", ""],
          ["scope", api.scope],
          ["token", ""],
        ]
      : []),
  ];
  const collection = {
    info: { name: `${api.name} ${api.version}`, description: api.description, schema: SCHEMA },
    item: [...(asksForToken ? [tokenItem(api.scope)] : []), ...calls.map(operationItem)],
    variable: variables.map(([key, value]) => ({ key, value, type: "string" })),
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}
