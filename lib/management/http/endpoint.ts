import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { problemsOf } from "@/lib/definition/problems";
import { unstorableText } from "@/lib/definition/storable";
import { consoleMetrics } from "@/lib/platform/console-metrics";
import { logger } from "@/lib/platform/log";
import { type Operation, operations } from "../contract/operations";
import { invalid, ManagementError } from "../errors";
import { namesTag, type Preconditions } from "../preconditions";
import { readJson } from "./body";
import { fromDatabaseError } from "./database-errors";
import { authenticate, type Principal } from "./principal";

type OutputOf<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a handler is given: everything checked. */
export interface Call<T extends Operation> {
  params: OutputOf<T["params"]>;
  query: OutputOf<T["query"]>;
  body: OutputOf<T["body"]>;
  principal: Principal;
  /** What the write depends on; a handler compares it under its lock. */
  preconditions: Preconditions;
  request: Request;
}

/** What a handler answers. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

type RouteHandler = (request: Request, context: { params: Promise<Record<string, string | string[]>> }) => Promise<Response>;

const COMMON_HEADERS = { "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };

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

/** The answer to a read whose representation the client has already (RFC 9110, 13.2.2), or undefined. */
function notModified(request: Request, headers: Record<string, string>): Response | undefined {
  const etag = headers.ETag;
  if (etag === undefined || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null && !namesTag(ifMatch, [etag])) throw new ManagementError(412, "It has another ETag by now.", [], { ETag: etag });
  const ifNoneMatch = request.headers.get("if-none-match");
  return ifNoneMatch !== null && namesTag(ifNoneMatch, [etag]) ? new Response(null, { status: 304, headers }) : undefined;
}

/** The answer to a failure, as RFC 9457 problem details. Details of what is not the caller's doing go to the log only. */
function problemResponse(error: unknown, requestId: string): Response {
  const known = error instanceof ManagementError ? error : fromDatabaseError(error);
  if (!known) logger().error({ requestId, err: error }, "management call failed");
  const problem = known ?? new ManagementError(500, "The details are in the log under this request id.");
  const body = {
    type: "about:blank",
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    requestId,
    ...(problem.errors.length ? { errors: problem.errors } : {}),
  };
  return Response.json(body, {
    status: problem.status,
    headers: { ...COMMON_HEADERS, ...problem.headers, "Content-Type": "application/problem+json", "X-Request-Id": requestId },
  });
}

/**
 * Makes the route of one declared operation: who asks, what was sent and the failures are handled here once,
 * so that a handler only does what the operation is about.
 */
export function endpoint<T extends Operation>(operation: T, handler: (call: Call<T>) => Promise<Answer>): RouteHandler {
  return async function managementEndpoint(request, context) {
    const response = await respond(request, context);
    consoleMetrics().countManagementRequest(`${operation.method} ${operation.path}`, response.status);
    return response;
  };
  async function respond(request: Request, context: Parameters<RouteHandler>[1]): Promise<Response> {
    const requestId = randomUUID();
    try {
      const principal = await authenticate(request);
      const url = new URL(request.url);
      const params = parsed(operation.params, await context.params) as Call<T>["params"];
      const query = parsed(operation.query, Object.fromEntries(url.searchParams)) as Call<T>["query"];
      const preconditions = preconditionsOf(operation, request);
      const schema = operation.body;
      const body = (schema && schema !== "raw" ? parsed(schema, await readJson(request)) : undefined) as Call<T>["body"];
      const answer = await handler({ params, query, body, principal, preconditions, request });
      const headers: Record<string, string> = { ...COMMON_HEADERS, "X-Request-Id": requestId, ...etagIn(answer.body), ...answer.headers };
      const unchanged = answer.status === 200 ? notModified(request, headers) : undefined;
      if (unchanged) return unchanged;
      if (answer.status === 204) return new Response(null, { status: 204, headers });
      if (typeof answer.body === "string") return new Response(answer.body, { status: answer.status, headers });
      return Response.json(answer.body, { status: answer.status, headers });
    } catch (error) {
      return problemResponse(error, requestId);
    }
  }
}

/** Counts a request that no operation is for, under one name: paths are the client's to choose. */
function rejected(error: ManagementError): Response {
  consoleMetrics().countManagementRequest("unknown", error.status);
  return problemResponse(error, randomUUID());
}

/** Answers calls to paths that the management API does not have. */
export async function unknownEndpoint(): Promise<Response> {
  return rejected(new ManagementError(404, "The management API has no such path. /api/v1/openapi.json lists them."));
}

/** Every method that a route file may export; Next makes HEAD from GET. */
type RouteMethod = Operation["method"] | "OPTIONS";

/** The methods that a path of the contract has. */
const methodsOf = (path: string): readonly string[] =>
  Object.values<Operation>(operations)
    .filter((operation) => operation.path === path)
    .map(({ method }) => method);

/**
 * Makes the routes of the methods that a path doesn't have: 405 with `Allow` (RFC 9110, 15.5.6), which OPTIONS answers too.
 * Without them Next answers 405 with neither `Allow` nor a reason.
 * @param path a path of the contract
 * @param methods what the path has, when it isn't in the contract
 */
export function otherMethods(path: string, methods: readonly string[] = methodsOf(path)): Record<RouteMethod, () => Promise<Response>> {
  const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
  const notAllowed = async () => rejected(new ManagementError(405, `This path has no such method. It has ${allow}.`, [], { Allow: allow }));
  const options = async () => new Response(null, { status: 204, headers: { ...COMMON_HEADERS, Allow: allow } });
  return { DELETE: notAllowed, GET: notAllowed, OPTIONS: options, PATCH: notAllowed, POST: notAllowed, PUT: notAllowed };
}
