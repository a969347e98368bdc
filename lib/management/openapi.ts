import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { problemSchema } from "./contract/common";
import type { Operation } from "./contract/operation";
import { operations } from "./contract/operations";

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

const header = (name: string, required: boolean, description: string) => ({
  name,
  in: "header" as const,
  required,
  description,
  schema: { type: "string" as const },
});

/** Whether the responses of an operation carry an `ETag`: with their content, or by declaration. */
const hasEtag = (operation: Operation) =>
  operation.etag === true || (operation.response instanceof z.ZodObject && "etag" in operation.response.shape);

const ETAG = { ETag: { description: "Names this revision, for If-Match and If-None-Match.", schema: { type: "string" as const } } };

/** The preconditions that an operation takes (RFC 9110, 13.1). */
function preconditionParameters(operation: Operation) {
  if (operation.method === "GET")
    return hasEtag(operation) ? [header("If-None-Match", false, "ETags that you have: the response is 304 when one is current.")] : [];
  if (operation.ifMatch === undefined) return [];
  return [header("If-Match", operation.ifMatch === "required", "The ETag that you read. 412 when it isn't the current one.")];
}

function operationObject(operationId: string, operation: Operation): ZodOpenApiOperationObject {
  const headers = hasEtag(operation) ? { headers: ETAG } : {};
  const { status, response } = operation;
  const success = response
    ? { description: operation.summary, ...headers, content: { "application/json": { schema: response } } }
    : { description: operation.summary };
  const unchanged = operation.method === "GET" && hasEtag(operation) ? [["304", { description: "Not changed since." }]] : [];
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
