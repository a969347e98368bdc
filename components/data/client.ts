import type { z } from "zod";
import type { Problem } from "@/lib/definition/problems";
import type { ProblemBody } from "@/lib/management/contract/common";
import type { Operation, OutputOf } from "@/lib/management/contract/operation";
import { type OperationName, type Operations, operations } from "@/lib/management/contract/operations";

/** An error response of the management API, or a network failure (status 0). */
export class ApiProblem extends Error {
  override name = "ApiProblem";

  constructor(
    readonly status: number,
    message: string,
    readonly problems: readonly Problem[] = [],
    readonly requestId: string | undefined = undefined,
  ) {
    super(message);
  }
}

/** Dispatched on the window when the session expires; the shell then asks the user to sign in again. */
export const SIGNED_OUT_EVENT = "gatewright:signed-out";

/** URL parameters; also accepts parsed values, such as numbers. */
type InUrl<Schema extends z.ZodType> = {
  [Key in keyof z.input<Schema>]: z.input<Schema>[Key] | (Key extends keyof z.output<Schema> ? z.output<Schema>[Key] : never);
};

/** An option that's optional if all its members are. */
type Option<Key extends string, Value> = Partial<Record<never, never>> extends Value ? { [K in Key]?: Value } : { [K in Key]: Value };

type ParamsOption<T extends Operation> = T["params"] extends z.ZodType ? Option<"params", InUrl<T["params"]>> : unknown;
type QueryOption<T extends Operation> = T["query"] extends z.ZodType ? Option<"query", InUrl<T["query"]>> : unknown;
type BodyOption<T extends Operation> = T["body"] extends z.ZodType
  ? { body: z.input<T["body"]> }
  : T["body"] extends "raw"
    ? { /** Sent unchanged. */ text: string }
    : unknown;
type IfMatchOption<T extends Operation> = T["ifMatch"] extends "required"
  ? { ifMatch: string }
  : T["ifMatch"] extends "optional"
    ? { ifMatch?: string | undefined }
    : unknown;
type OptionsOf<T extends Operation> = ParamsOption<T> & QueryOption<T> & BodyOption<T> & IfMatchOption<T>;

/** The operations whose responses the console reads; for files, use {@link urlOf}. */
export type CallName = { [Name in OperationName]: Operations[Name] extends { respondsText: true } ? never : Name }[OperationName];

/** The options of an operation, typed by its declaration. */
export type CallOptions<Name extends OperationName> = OptionsOf<Operations[Name]> & { signal?: AbortSignal | undefined };

/** The path parameters of an operation. */
export type PathOptions<Name extends OperationName> = ParamsOption<Operations[Name]> & { signal?: AbortSignal | undefined };

/** The request body of an operation. */
export type BodyOf<Name extends OperationName> = OptionsOf<Operations[Name]> extends { body: infer Body } ? Body : never;

/** The response of an operation. */
export type ResponseOf<Name extends OperationName> = OutputOf<Operations[Name]["response"]>;

/** The options of any operation, at run time. */
interface SentOptions {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  text?: string;
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Returns an operation's path below `/api/v1`, with its parameters. */
export function pathOf(name: OperationName, params: SentOptions["params"] = {}): string {
  return operations[name].path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(params[key])));
}

/** Returns an operation's URL on this origin. */
export function urlOf<Name extends OperationName>(name: Name, options: Omit<CallOptions<Name>, "signal">): string;
export function urlOf(name: OperationName, { params, query = {} }: SentOptions): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return `/api/v1${pathOf(name, params)}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => undefined)) as ProblemBody | undefined;
  return new ApiProblem(response.status, body?.detail ?? `The console returned ${response.status}.`, body?.errors ?? [], body?.requestId);
}

/**
 * Calls an operation of the management API and returns the body of its response with its ETag.
 * @throws ApiProblem for every error response and network failure
 */
export function call<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<{ data: ResponseOf<Name>; etag: string }>;
export async function call(name: CallName, options: SentOptions): Promise<{ data: unknown; etag: string }> {
  const { method } = operations[name];
  const { body, text, ifMatch, signal } = options;
  let response: Response;
  try {
    response = await fetch(urlOf(name, options), {
      method,
      headers: {
        ...(method === "GET" ? {} : { "Content-Type": "application/json" }),
        ...(ifMatch === undefined ? {} : { "If-Match": ifMatch }),
      },
      body: text ?? (body === undefined ? null : JSON.stringify(body)),
      signal: signal ?? null,
      cache: "no-store",
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiProblem(0, "The console is unreachable. Check that it's running, then try again.");
  }
  if (!response.ok) {
    if (response.status === 401) window.dispatchEvent(new Event(SIGNED_OUT_EVENT));
    throw await problemOf(response);
  }
  return { data: response.status === 204 ? undefined : await response.json(), etag: response.headers.get("etag") ?? "" };
}

/** Calls an operation and returns only the response body. */
export async function read<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<ResponseOf<Name>> {
  return (await call(name, options)).data;
}

/** Returns whether a write failed because someone else changed the data (412). */
export const isOutdated = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === 412;

/** Returns the message to show for an error. */
export function messageOf(error: unknown): string {
  if (isOutdated(error))
    return "Someone else changed this after you opened it. Nothing was saved. Review the current version, then try again.";
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** Returns an error's problems by path. */
export function problemsIn(error: unknown): readonly Problem[] {
  return error instanceof ApiProblem ? error.problems : [];
}
