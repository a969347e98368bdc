import type { Problem } from "@/lib/definition/problems";
import type { ProblemBody } from "@/lib/management/contract/common";

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

/** One call of the management API. */
export interface CallOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** Sent as it is, instead of JSON of `body`. */
  text?: string;
  ifMatch?: string | undefined;
  signal?: AbortSignal | undefined;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => undefined)) as ProblemBody | undefined;
  return new ApiProblem(response.status, body?.detail ?? `The console answered ${response.status}.`, body?.errors ?? [], body?.requestId);
}

/**
 * Calls the management API and answers the body with its ETag.
 * @throws ApiProblem for every answer that is not a success, and when there is no answer
 */
export async function call<T>(path: string, options: CallOptions = {}): Promise<{ data: T; etag: string }> {
  const { method = "GET", body, text, ifMatch, signal } = options;
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
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
  const data = response.status === 204 ? undefined : await response.json();
  return { data: data as T, etag: response.headers.get("etag") ?? "" };
}

/** The body alone. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call<T>(path, { signal })).data;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

/** The page of a list that begins at a cursor, or the first one. */
export function readPage<T>(path: string, cursor: string | null, signal?: AbortSignal): Promise<Page<T>> {
  const query = cursor === null ? "limit=200" : `limit=200&cursor=${encodeURIComponent(cursor)}`;
  return read<Page<T>>(`${path}${path.includes("?") ? "&" : "?"}${query}`, signal);
}

/** All pages of a list, one after the other: lists in the console are searched and sorted as a whole. */
export async function readAll<T>(path: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await readPage(path, cursor, signal);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** What to tell a person about any failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}

/** Someone else changed what was shown, so that nothing was written. */
export const isOutdated = (error: unknown): boolean => error instanceof ApiProblem && error.status === 412;

/** The problems by path that a failure names. */
export function problemsIn(error: unknown): readonly Problem[] {
  return error instanceof ApiProblem ? error.problems : [];
}
