import type { z } from "zod";
import type { Problem } from "@/lib/definition/problems";
import type { ProblemBody } from "@/lib/management/contract/common";
import type { Operation, OutputOf } from "@/lib/management/contract/operation";
import { type OperationName, type Operations, operations } from "@/lib/management/contract/operations";

/** What the management API could not do, or that it could not be reached (status 0). */
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

/** Told to the window when the session has ended, so that the shell can say so without losing what was typed. */
export const SIGNED_OUT_EVENT = "gatewright:signed-out";

/** Values in a URL. A number may be given as one. */
type InUrl<Schema extends z.ZodType> = {
  [Key in keyof z.input<Schema>]: z.input<Schema>[Key] | (Key extends keyof z.output<Schema> ? z.output<Schema>[Key] : never);
};

/** An option that may be left out where every part of it may. */
type Option<Key extends string, Value> = Partial<Record<never, never>> extends Value ? { [K in Key]?: Value } : { [K in Key]: Value };

type ParamsOption<T extends Operation> = T["params"] extends z.ZodType ? Option<"params", InUrl<T["params"]>> : unknown;
type QueryOption<T extends Operation> = T["query"] extends z.ZodType ? Option<"query", InUrl<T["query"]>> : unknown;
type BodyOption<T extends Operation> = T["body"] extends z.ZodType
  ? { body: z.input<T["body"]> }
  : T["body"] extends "raw"
    ? { /** Sent as it is. */ text: string }
    : unknown;
type IfMatchOption<T extends Operation> = T["ifMatch"] extends "required"
  ? { ifMatch: string }
  : T["ifMatch"] extends "optional"
    ? { ifMatch?: string | undefined }
    : unknown;
type OptionsOf<T extends Operation> = ParamsOption<T> & QueryOption<T> & BodyOption<T> & IfMatchOption<T>;

/** The operations whose responses the console reads; files that it only links to have a {@link urlOf}. */
export type CallName = { [Name in OperationName]: Operations[Name] extends { respondsText: true } ? never : Name }[OperationName];

/** What a call of an operation is given, checked against its declaration. */
export type CallOptions<Name extends OperationName> = OptionsOf<Operations[Name]> & { signal?: AbortSignal | undefined };

/** The parameters that the path of an operation takes. */
export type PathOptions<Name extends OperationName> = ParamsOption<Operations[Name]> & { signal?: AbortSignal | undefined };

/** The body that an operation takes. */
export type BodyOf<Name extends OperationName> = OptionsOf<Operations[Name]> extends { body: infer Body } ? Body : never;

/** What an operation responds. */
export type ResponseOf<Name extends OperationName> = OutputOf<Operations[Name]["response"]>;

/** Any call's options, at run time. */
interface SentOptions {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  text?: string;
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** The path of an operation below `/api/v1`, with its parameters filled in. */
export function pathOf(name: OperationName, params: SentOptions["params"] = {}): string {
  return operations[name].path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(params[key])));
}

/** The URL of an operation on this origin. */
export function urlOf<Name extends OperationName>(name: Name, options: Omit<CallOptions<Name>, "signal">): string;
export function urlOf(name: OperationName, { params, query = {} }: SentOptions): string {
  const given = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return `/api/v1${pathOf(name, params)}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => undefined)) as ProblemBody | undefined;
  return new ApiProblem(response.status, body?.detail ?? `The console answered ${response.status}.`, body?.errors ?? [], body?.requestId);
}

/**
 * Calls an operation of the management API and returns the body of its response with its ETag.
 * @throws ApiProblem for every response that is not a success, and when there is none
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
    throw new ApiProblem(0, "The console cannot be reached. Check that it runs, then try again.");
  }
  if (!response.ok) {
    if (response.status === 401) window.dispatchEvent(new Event(SIGNED_OUT_EVENT));
    throw await problemOf(response);
  }
  return { data: response.status === 204 ? undefined : await response.json(), etag: response.headers.get("etag") ?? "" };
}

/** The body of the response alone. */
export async function read<Name extends CallName>(name: Name, options: CallOptions<Name>): Promise<ResponseOf<Name>> {
  return (await call(name, options)).data;
}

/** Someone else changed what was shown, so that nothing was written. */
export const isOutdated = (error: unknown): error is ApiProblem => error instanceof ApiProblem && error.status === 412;

/** What to tell a person about any failure. */
export function messageOf(error: unknown): string {
  if (isOutdated(error))
    return "Someone else changed this after you opened it. Nothing was changed. Compare what is shown now, then try again.";
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** The problems by path that a failure names. */
export function problemsIn(error: unknown): readonly Problem[] {
  return error instanceof ApiProblem ? error.problems : [];
}
