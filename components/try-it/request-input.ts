import type { TryInput } from "@/components/data/apis";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import type { METHODS } from "@/lib/definition/schema";
import { tryBodySchema } from "@/lib/management/contract/apis";

export type Method = (typeof METHODS)[number];

/** One edited header. `key` identifies its row. */
export interface HeaderRow {
  key: string;
  name: string;
  value: string;
}

/** The source of the request's token. */
export type TokenSource = "none" | "application" | "paste";

/** The edited request. Excludes tokens: they're never stored. */
export interface RequestInput {
  method: Method;
  path: string;
  headers: HeaderRow[];
  contentType: string;
  body: string;
  tokenSource: TokenSource;
  applicationId: string | null;
  scopes: string[];
}

export const emptyInput: RequestInput = {
  method: "GET",
  path: "/",
  headers: [],
  contentType: "application/json",
  body: "",
  tokenSource: "none",
  applicationId: null,
  scopes: [],
};

/** Returns whether Try it sends a body with a method. */
export const hasBody = (method: Method) => method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE";

const named = (name: string) => (row: HeaderRow) => row.name.trim().toLowerCase() === name;

/** Returns the path below the context path; accepts a full gateway URL or an empty text. */
export function pathBelow(text: string, gatewayUrl: string): string {
  let path = text.trim();
  const base = gatewayUrl.replace(/\/$/, "");
  if (path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}?`)) path = path.slice(base.length);
  return path.startsWith("/") ? path : `/${path}`;
}

/** Returns the headers to send, in order, with content type and token. Omits rows without a name. */
export function headersOf(input: RequestInput, token: string | null): [name: string, value: string][] {
  const rows = input.headers.filter((row) => row.name.trim() !== "" && !(token !== null && named("authorization")(row)));
  const headers = rows.map((row): [string, string] => [row.name.trim(), row.value.trim()]);
  const sendsType = hasBody(input.method) && input.body !== "" && input.contentType.trim() !== "" && !rows.some(named("content-type"));
  return [
    ...(token === null ? [] : [["Authorization", `Bearer ${token}`] as [string, string]]),
    ...(sendsType ? [["Content-Type", input.contentType.trim()] as [string, string]] : []),
    ...headers,
  ];
}

/** Returns the request body of the management API, or the problems at `path`, `body`, or `headers[2]`. */
export function tryInputOf(input: RequestInput, token: string | null, gatewayUrl: string): { call: TryInput } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  input.headers.forEach((row, index) => {
    const name = row.name.trim().toLowerCase();
    if (name === "" && row.value.trim() !== "") problems.push({ path: `headers[${index}]`, message: "Enter a header name." });
    if (name !== "" && seen.has(name)) problems.push({ path: `headers[${index}]`, message: `${row.name.trim()} appears twice. Keep one.` });
    seen.add(name);
  });
  const body = hasBody(input.method) && input.body !== "" ? { body: input.body } : {};
  const call = {
    method: input.method,
    path: pathBelow(input.path, gatewayUrl),
    headers: Object.fromEntries(headersOf(input, token)),
    ...body,
  };
  const checked = tryBodySchema.safeParse(call);
  if (!checked.success) problems.push(...problemsOf(checked.error).map((problem) => atRow(problem, input)));
  return problems.length > 0 ? { problems } : { call };
}

/** Maps a header problem from the header's name to its row, the token, or the content type. */
function atRow(problem: Problem, input: RequestInput): Problem {
  if (!problem.path.startsWith("headers.")) return problem;
  const name = problem.path.slice("headers.".length).toLowerCase();
  const index = input.headers.findIndex(named(name));
  if (index >= 0) return { ...problem, path: `headers[${index}]` };
  return { ...problem, path: name === "authorization" ? "token" : "contentType" };
}

/** Returns whether the gateway always sets a header itself. */
export const isWrittenByGateway = (name: string) => /^(content-length|transfer-encoding|host|connection)$/i.test(name.trim());
