import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { problemSchema } from "./contract/common";
import { type Operation, operations } from "./contract/operations";

const FAILURES = {
  400: "The request is invalid; `errors` names each path.",
  401: "Not signed in.",
  404: "Not found.",
  409: "Taken, in use, or in conflict with what is there.",
  412: "Someone else was faster: the ETag is not the current one.",
  413: "The body is too large.",
  428: "If-Match is missing.",
  429: "Too many of these at once; `Retry-After` says when to go on.",
  503: "Not available right now.",
} as const;

const problem = (status: keyof typeof FAILURES) => ({
  description: FAILURES[status],
  content: { "application/problem+json": { schema: problemSchema } },
});

function operationObject(operationId: string, operation: Operation): ZodOpenApiOperationObject {
  const successes = Object.entries(operation.responses).map(([status, schema]) => [
    status,
    schema ? { description: operation.summary, content: { "application/json": { schema } } } : { description: operation.summary },
  ]);
  const failures = [400, 401, ...(operation.params ? [404 as const] : []), ...(operation.failures ?? [])].map((status) => [
    String(status),
    problem(status as keyof typeof FAILURES),
  ]);
  const ifMatch = operation.ifMatch && {
    name: "If-Match",
    in: "header" as const,
    required: operation.ifMatch === "required",
    description: "The ETag of the draft as it was read.",
    schema: { type: "string" as const },
  };
  return {
    operationId,
    summary: operation.summary,
    tags: [operation.tag],
    security: [{ managementToken: [] }, { session: [] }],
    ...(ifMatch ? { parameters: [ifMatch] } : {}),
    requestParams: { ...(operation.params ? { path: operation.params } : {}), ...(operation.query ? { query: operation.query } : {}) },
    ...(operation.body === "raw"
      ? { requestBody: { required: true, content: { "application/json": {}, "application/yaml": {} } } }
      : operation.body
        ? { requestBody: { required: true, content: { "application/json": { schema: operation.body } } } }
        : {}),
    responses: Object.fromEntries([...successes, ...failures]),
  };
}

/** The OpenAPI 3.1 document of the management API, from the same declarations as its routes. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operationId, operation] of Object.entries<Operation>(operations)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operationId, operation) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Gatewright management API", version: "1", description: "Everything that the console does, for automation." },
    servers: [{ url: "/api/v1" }],
    components: {
      securitySchemes: {
        managementToken: { type: "http", scheme: "bearer", description: "A management token." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "next-auth.session-token",
          description: "The console's session; writes have to be same-origin JSON.",
        },
      },
    },
    paths,
  });
}
