import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { problemsOf } from "@/lib/definition/problems";
import { unstorableText } from "@/lib/definition/storable";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import type { Operation } from "../contract/operation";
import { invalid, ManagementError } from "../errors";
import { type Call, type Handler, Reply } from "../handlers/handler";
import { namesTag, type Preconditions } from "../preconditions";
import { readJson } from "./body";
import { authenticate } from "./principal";
import { COMMON_HEADERS, problemResponse } from "./problem-response";

/** Responds to the requests of one operation, given the decoded parameters of its path. */
export type Endpoint = (request: Request, params: Readonly<Record<string, string>>) => Promise<Response>;

function parsed<T>(schema: z.ZodType<T> | undefined, value: unknown): T {
  const unstorable = unstorableText(value);
  if (unstorable.length) throw invalid(unstorable);
  const result = schema?.safeParse(value);
  if (!result) return undefined as T;
  if (!result.success) throw invalid(problemsOf(result.error));
  return result.data;
}

/**
 * The preconditions that were sent. One of an operation whose resource has no ETag is never fulfilled, unless it asks for
 * whatever there is. @throws ManagementError 400, 412 or 428
 */
function preconditionsOf(operation: Operation, request: Request): Preconditions {
  const ifMatch = request.headers.get("if-match")?.trim();
  const ifNoneMatch = request.headers.get("if-none-match")?.trim();
  if (operation.method === "GET") return {};
  if (!ifMatch && operation.ifMatch === "required")
    throw new ManagementError(428, "Send If-Match with the ETag that you read, so that nobody's changes are overwritten unseen.");
  if (ifMatch === "")
    throw new ManagementError(400, "If-Match is empty. Send the ETag that you read, or leave the header out.", [
      { path: "If-Match", message: "Send the ETag that you read, or leave the header out." },
    ]);
  if (operation.ifMatch === undefined && ifMatch !== undefined && ifMatch !== "*")
    throw new ManagementError(412, "This resource has no ETag that If-Match could name. Leave the header out.");
  return { ifMatch, ifNoneMatch };
}

/** The ETag that a thing carries in its own representation. */
function etagIn(body: unknown): Record<string, string> {
  const etag = typeof body === "object" && body !== null && "etag" in body ? body.etag : undefined;
  return typeof etag === "string" ? { ETag: etag } : {};
}

/** The response to a read whose representation the client has already (RFC 9110, 13.2.2), or undefined. */
function notModified(request: Request, headers: Record<string, string>): Response | undefined {
  const etag = headers.ETag;
  if (etag === undefined || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null && !namesTag(ifMatch, [etag])) throw new ManagementError(412, "It has another ETag by now.", [], { ETag: etag });
  const ifNoneMatch = request.headers.get("if-none-match");
  return ifNoneMatch !== null && namesTag(ifNoneMatch, [etag]) ? new Response(null, { status: 304, headers }) : undefined;
}

/** The response of success: the status that the operation declares, with what its handler returned. */
function successResponse(operation: Operation, request: Request, requestId: string, returned: unknown): Response {
  const { body, headers: own } = returned instanceof Reply ? returned : { body: returned, headers: {} };
  const headers: Record<string, string> = { ...COMMON_HEADERS, "X-Request-Id": requestId, ...etagIn(body), ...own };
  const { status } = operation;
  const unchanged = status === 200 ? notModified(request, headers) : undefined;
  if (unchanged) return unchanged;
  if (status === 204) return new Response(null, { status, headers });
  if (operation.respondsText) return new Response(String(body), { status, headers });
  return Response.json(body, { status, headers });
}

/**
 * Makes the endpoint of one declared operation: who asks, what was sent and the failures are handled here once,
 * so that a handler only does what the operation is about.
 */
export function endpoint<T extends Operation>(operation: T, handler: Handler<T>): Endpoint {
  async function respond(request: Request, given: Readonly<Record<string, string>>): Promise<Response> {
    const requestId = randomUUID();
    try {
      const principal = await authenticate(request);
      const url = new URL(request.url);
      const params = parsed(operation.params, given) as Call<T>["params"];
      const query = parsed(operation.query, Object.fromEntries(url.searchParams)) as Call<T>["query"];
      const preconditions = preconditionsOf(operation, request);
      const schema = operation.body;
      const body = (schema && schema !== "raw" ? parsed(schema, await readJson(request)) : undefined) as Call<T>["body"];
      const returned = await handler({ params, query, body, principal, preconditions, request });
      return successResponse(operation, request, requestId, returned);
    } catch (error) {
      return problemResponse(error, requestId);
    }
  }
  return async function managementEndpoint(request, given) {
    const response = await respond(request, given);
    consoleMetrics().countManagementRequest(`${operation.method} ${operation.path}`, response.status);
    return response;
  };
}
