import type { TryInput } from "@/components/data/apis";
import { type Problem, problemsOf } from "@/lib/definition/problems";
import type { METHODS } from "@/lib/definition/schema";
import { tryBodySchema } from "@/lib/management/contract/apis";

export type Method = (typeof METHODS)[number];

/** One header as it is being typed. The key is for the list on the screen only. */
export interface HeaderRow {
  key: string;
  name: string;
  value: string;
}

/** Where the token of a call comes from. */
export type TokenSource = "none" | "application" | "paste";

/** A call as it is being put together. Tokens are not part of it: they are never stored. */
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

/** Whether calls of a method carry a body here. */
export const hasBody = (method: Method) => method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE";

const named = (name: string) => (row: HeaderRow) => row.name.trim().toLowerCase() === name;

/** What stands below the context path, whether the path, the path with the gateway's URL in front, or nothing was given. */
export function pathBelow(text: string, gatewayUrl: string): string {
  let path = text.trim();
  const base = gatewayUrl.replace(/\/$/, "");
  if (path === base || path.startsWith(`${base}/`) || path.startsWith(`${base}?`)) path = path.slice(base.length);
  return path.startsWith("/") ? path : `/${path}`;
}

/** The headers that are sent, in order, with the content type and the token filled in. Rows without a name are left out. */
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

/** The call as the management API takes it, or what is wrong with it: at `path`, `body`, or at `headers[2]`. */
export function tryInputOf(input: RequestInput, token: string | null, gatewayUrl: string): { call: TryInput } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  input.headers.forEach((row, index) => {
    const name = row.name.trim().toLowerCase();
    if (name === "" && row.value.trim() !== "") problems.push({ path: `headers[${index}]`, message: "Name the header." });
    if (name !== "" && seen.has(name)) problems.push({ path: `headers[${index}]`, message: `${row.name.trim()} stands twice. Keep one.` });
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

/** The management API names a header by its name; on the screen it is a row, or the token, or the content type. */
function atRow(problem: Problem, input: RequestInput): Problem {
  if (!problem.path.startsWith("headers.")) return problem;
  const name = problem.path.slice("headers.".length).toLowerCase();
  const index = input.headers.findIndex(named(name));
  if (index >= 0) return { ...problem, path: `headers[${index}]` };
  return { ...problem, path: name === "authorization" ? "token" : "contentType" };
}

/** Headers that the gateway writes itself, whatever the caller says. */
export const isWrittenByGateway = (name: string) => /^(content-length|transfer-encoding|host|connection)$/i.test(name.trim());
