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

/** Handles one operation's requests, given its decoded path parameters. */
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
 * Returns the preconditions that were sent. If the resource has no ETag, only `If-Match: *` can succeed.
 * @throws ManagementError 400, 412 or 428
 */
function preconditionsOf(operation: Operation, request: Request): Preconditions {
  const ifMatch = request.headers.get("if-match")?.trim();
  const ifNoneMatch = request.headers.get("if-none-match")?.trim();
  if (operation.method === "GET") return {};
  if (!ifMatch && operation.ifMatch === "required")
    throw new ManagementError(428, "If-Match is missing. Send the ETag you read, to avoid overwriting other changes.");
  if (ifMatch === "")
    throw new ManagementError(400, "If-Match is empty. Send the ETag you read, or omit the header.", [
      { path: "If-Match", message: "Send the ETag you read, or omit the header." },
    ]);
  if (operation.ifMatch === undefined && ifMatch !== undefined && ifMatch !== "*")
    throw new ManagementError(412, "This resource has no ETag. Omit If-Match.");
  return { ifMatch, ifNoneMatch };
}

/** Returns the `ETag` header of a representation that contains its own `etag`. */
function etagIn(body: unknown): Record<string, string> {
  const etag = typeof body === "object" && body !== null && "etag" in body ? body.etag : undefined;
  return typeof etag === "string" ? { ETag: etag } : {};
}

/** Returns 304 for a read whose representation the client already has (RFC 9110, 13.2.2); otherwise undefined. */
function notModified(request: Request, headers: Record<string, string>): Response | undefined {
  const etag = headers.ETag;
  if (etag === undefined || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null && !namesTag(ifMatch, [etag]))
    throw new ManagementError(412, "The resource has changed since: its ETag is different. Read it again.", [], { ETag: etag });
  const ifNoneMatch = request.headers.get("if-none-match");
  return ifNoneMatch !== null && namesTag(ifNoneMatch, [etag]) ? new Response(null, { status: 304, headers }) : undefined;
}

/** Creates the success response from the declared status and the handler's result. */
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
 * Creates the endpoint of one declared operation. It authenticates, validates input and converts errors, so handlers contain
 * only the operation itself.
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
