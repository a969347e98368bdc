import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { problemSchema } from "./contract/common";
import type { Operation } from "./contract/operation";
import { operations } from "./contract/operations";

const FAILURES = {
  400: "Invalid request. `errors` lists each invalid path.",
  401: "Authentication required.",
  404: "Not found.",
  409: "Conflict: the name is taken, the resource is in use, or its state doesn't allow this.",
  412: "Precondition failed: the ETag isn't current.",
  413: "The body is too large.",
  428: "If-Match is required.",
  429: "Too many requests. Retry after the seconds in `Retry-After`.",
  503: "Service unavailable.",
} as const;

const problem = (status: keyof typeof FAILURES) => ({
  description: FAILURES[status],
  content: { "application/problem+json": { schema: problemSchema } },
});

const header = (name: string, required: boolean, description: string) => ({
  name,
  in: "header" as const,
  required,
  description,
  schema: { type: "string" as const },
});

/** Returns whether an operation's responses carry an `ETag`, from their content or by declaration. */
const hasEtag = (operation: Operation) =>
  operation.etag === true || (operation.response instanceof z.ZodObject && "etag" in operation.response.shape);

const ETAG = { ETag: { description: "ETag of this revision, for If-Match and If-None-Match.", schema: { type: "string" as const } } };

/** Returns the preconditions that an operation accepts (RFC 9110, 13.1). */
function preconditionParameters(operation: Operation) {
  if (operation.method === "GET")
    return hasEtag(operation) ? [header("If-None-Match", false, "Known ETags. If one is current, the response is 304.")] : [];
  if (operation.ifMatch === undefined) return [];
  return [header("If-Match", operation.ifMatch === "required", "ETag of the revision you read. If it isn't current, the response is 412.")];
}

function operationObject(operationId: string, operation: Operation): ZodOpenApiOperationObject {
  const headers = hasEtag(operation) ? { headers: ETAG } : {};
  const { status, response } = operation;
  const success = response
    ? { description: operation.summary, ...headers, content: { "application/json": { schema: response } } }
    : { description: operation.summary };
  const unchanged = operation.method === "GET" && hasEtag(operation) ? [["304", { description: "Not modified." }]] : [];
  const failures = [400, 401, ...(operation.params ? [404 as const] : []), ...(operation.failures ?? [])].map((failure) => [
    String(failure),
    problem(failure as keyof typeof FAILURES),
  ]);
  const parameters = preconditionParameters(operation);
  return {
    operationId,
    summary: operation.summary,
    tags: [operation.tag],
    security: [{ managementToken: [] }, { session: [] }],
    ...(parameters.length ? { parameters } : {}),
    requestParams: { ...(operation.params ? { path: operation.params } : {}), ...(operation.query ? { query: operation.query } : {}) },
    ...(operation.body === "raw"
      ? { requestBody: { required: true, content: { "application/json": {}, "application/yaml": {} } } }
      : operation.body
        ? { requestBody: { required: true, content: { "application/json": { schema: operation.body } } } }
        : {}),
    responses: Object.fromEntries([[status, success], ...unchanged, ...failures]),
  };
}

/** Generates the OpenAPI 3.1 document of the management API from the declarations that its routes use. */
export function openApiDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operationId, operation] of Object.entries<Operation>(operations)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: operationObject(operationId, operation) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: { title: "Gatewright management API", version: "1", description: "Automates everything the console does." },
    servers: [{ url: "/api/v1" }],
    components: {
      securitySchemes: {
        managementToken: { type: "http", scheme: "bearer", description: "A management token." },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "next-auth.session-token",
          description: "The console's session cookie. Writes must be same-origin JSON.",
        },
      },
    },
    paths,
  });
}
