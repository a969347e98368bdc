import { definitionJsonSchema } from "@/lib/definition/schema";
import { type OperationName, operations } from "../contract/operations";
import { ManagementError } from "../errors";
import { handlers } from "../handlers/handlers";
import { openApiDocument } from "../openapi";
import { registry } from "../registry";
import { type Endpoint, endpoint } from "./endpoint";
import { pathTable } from "./path-table";
import { allowed, COMMON_HEADERS, methodNotAllowed, rejected } from "./problem-response";

/** Path prefix of the management API. */
const ROOT = "/api/v1";

const PUBLIC = { "Cache-Control": "public, max-age=300" };

/** Public schema documents. Editors and code generators fetch them without credentials. */
const documents: Record<string, Endpoint> = {
  "/openapi.json": async () => Response.json(openApiDocument(), { headers: PUBLIC }),
  "/schemas/api-definition.json": async () =>
    Response.json(definitionJsonSchema(registry), { headers: { ...PUBLIC, "Content-Type": "application/schema+json" } }),
};

const endpointOf = <Name extends OperationName>(name: Name): Endpoint => endpoint(operations[name], handlers[name]);

/** Groups the endpoints by path and method. */
function endpoints(): Map<string, Map<string, Endpoint>> {
  const paths = new Map(Object.entries(documents).map(([path, document]) => [path, new Map([["GET", document]])]));
  for (const name of Object.keys(operations) as OperationName[]) {
    const { path, method } = operations[name];
    paths.set(path, (paths.get(path) ?? new Map<string, Endpoint>()).set(method, endpointOf(name)));
  }
  return paths;
}

const find = pathTable(endpoints());

/**
 * Handles a management API request. For an unsupported method it returns 405 with `Allow` (RFC 9110, 15.5.6); OPTIONS returns
 * `Allow` too.
 */
export async function managementResponse(request: Request): Promise<Response> {
  const found = find(new URL(request.url).pathname.slice(ROOT.length));
  if (!found) return rejected(new ManagementError(404, "Unknown management API path. See /api/v1/openapi.json for all paths."));
  const { value: methods, params } = found;
  const respond = methods.get(request.method === "HEAD" ? "GET" : request.method);
  if (respond) return respond(request, params);
  const allow = allowed(methods.keys());
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { ...COMMON_HEADERS, Allow: allow } });
  return methodNotAllowed(allow);
}
