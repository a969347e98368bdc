import { shellQuote } from "./shell-quote";

/** The request of a curl command. */
export interface CurlCall {
  method: string;
  url: string;
  /** Names and values, in order. */
  headers?: readonly (readonly [name: string, value: string])[];
  body?: string | undefined;
  /** Form fields, sent as application/x-www-form-urlencoded instead of `body`. */
  form?: readonly (readonly [name: string, value: string])[];
  /** For Basic authentication. Defaults: `$CLIENT_ID`, `$CLIENT_SECRET`. */
  user?: { name?: string | undefined; password?: string | undefined };
}

export interface CurlOptions {
  /** Includes the credentials of `Authorization`. Otherwise writes `$TOKEN`, which makes the command safe to share. */
  withCredentials?: boolean;
}

/** Returns the flags that make curl send brackets, braces, and dot segments literally. */
function urlFlags(url: string): string[] {
  return [...(/[[\]{}]/.test(url) ? ["--globoff"] : []), ...(/\/\.{1,2}(?:[/?#]|$)/.test(url) ? ["--path-as-is"] : [])];
}

function methodFlags(method: string, hasBody: boolean): string[] {
  if (method === "HEAD") return ["--head"];
  const byItself = hasBody ? "POST" : "GET";
  return method === byItself ? [] : ["-X", shellQuote(method)];
}

function headerFlag([name, value]: readonly [string, string], withCredentials: boolean): string {
  const credentials = /^authorization$/i.test(name) ? /^(\S+)\s+\S/.exec(value) : null;
  if (credentials?.[1] && !withCredentials)
    return `-H ${/^[A-Za-z0-9-]+$/.test(credentials[1]) ? `"${name}: ${credentials[1]} $TOKEN"` : `"${name}: $TOKEN"`}`;
  // curl removes a header without a value after the colon; a semicolon sends it empty.
  return `-H ${shellQuote(value === "" ? `${name};` : `${name}: ${value}`)}`;
}

function userWord({ name, password }: NonNullable<CurlCall["user"]>): string {
  if (name === undefined) return password === undefined ? '"$CLIENT_ID:$CLIENT_SECRET"' : `"$CLIENT_ID:"${shellQuote(password)}`;
  return password === undefined ? `${shellQuote(`${name}:`)}"$CLIENT_SECRET"` : shellQuote(`${name}:${password}`);
}

function bodyFlags(call: CurlCall): string[] {
  if (call.form) return call.form.map(([name, value]) => `--data-urlencode ${shellQuote(`${name}=${value}`)}`);
  if (call.body === undefined || call.body === "") return [];
  const typed = call.headers?.some(([name]) => /^content-type$/i.test(name));
  // curl adds a form content type by default; the request has none.
  return [...(typed ? [] : ["-H 'Content-Type:'"]), `--data-raw ${shellQuote(call.body)}`];
}

/** Builds a curl command for a POSIX shell. It also prints the status and headers of the response. */
export function curlCommand(call: CurlCall, { withCredentials = false }: CurlOptions = {}): string {
  const body = bodyFlags(call);
  const first = ["curl", "-i", ...urlFlags(call.url), ...methodFlags(call.method, body.length > 0), shellQuote(call.url)].join(" ");
  const user = call.user ? [`-u ${userWord(call.user)}`] : [];
  const headers = (call.headers ?? []).map((header) => headerFlag(header, withCredentials));
  return [first, ...user, ...headers, ...body].join(" \\\n  ");
}
