import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { problemsOf } from "@/lib/definition/problems";
import { unstorableText } from "@/lib/definition/storable";
import { logger } from "@/lib/platform/log";
import type { Operation } from "../contract/operations";
import { invalid, ManagementError } from "../errors";
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
  /** The revision that `If-Match` names, when it was sent. */
  ifMatch: string | undefined;
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

function ifMatchOf(operation: Operation, request: Request): string | undefined {
  const header = request.headers.get("if-match")?.trim();
  if (header) return header;
  if (operation.ifMatch !== "required") return undefined;
  throw new ManagementError(428, "Send If-Match with the ETag that you read, so that nobody's changes are overwritten unseen.");
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
    const requestId = randomUUID();
    try {
      const principal = await authenticate(request);
      const url = new URL(request.url);
      const params = parsed(operation.params, await context.params) as Call<T>["params"];
      const query = parsed(operation.query, Object.fromEntries(url.searchParams)) as Call<T>["query"];
      const ifMatch = ifMatchOf(operation, request);
      const schema = operation.body;
      const body = (schema && schema !== "raw" ? parsed(schema, await readJson(request)) : undefined) as Call<T>["body"];
      const answer = await handler({ params, query, body, principal, ifMatch, request });
      const headers = { ...COMMON_HEADERS, "X-Request-Id": requestId, ...answer.headers };
      if (answer.status === 204) return new Response(null, { status: 204, headers });
      if (typeof answer.body === "string") return new Response(answer.body, { status: answer.status, headers });
      return Response.json(answer.body, { status: answer.status, headers });
    } catch (error) {
      return problemResponse(error, requestId);
    }
  };
}

/** Answers calls to paths that the management API does not have. */
export async function unknownEndpoint(): Promise<Response> {
  return problemResponse(new ManagementError(404, "The management API has no such path. /api/v1/openapi.json lists them."), randomUUID());
}
