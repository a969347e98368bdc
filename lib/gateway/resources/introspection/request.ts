/** How a token and the gateway's own credentials are put into an introspection request. */
export interface QuestionForm {
  /** May have a query of its own, which is sent as it is. */
  endpoint: string;
  method: "GET" | "POST";
  tokenLocation: "form" | "query" | "header";
  tokenName: string;
  clientId: string;
  /** In form fields, or in a header of any name as `<scheme> <Basic credentials>`. */
  credentials: { in: "body" } | { in: "header"; name: string; scheme: string };
  /** Whether id and secret are form-encoded before Basic joins them. */
  basicEncoding: "form" | "raw";
}

/** One request to an introspection endpoint, as undici takes it. */
export interface IntrospectionRequest {
  path: string;
  method: "GET" | "POST";
  headers: string[];
  body: string | null;
}

/** RFC 6749, appendix B: the form encoding of one value, so that none of its characters separates or adds parameters. */
const formEncode = (value: string) => new URLSearchParams([["", value]]).toString().slice(1);

const field = (name: string, value: string) => `${formEncode(name)}=${formEncode(value)}`;

/** The credentials of a client as Basic joins them, each form-encoded first (RFC 6749, section 2.3.1) or, in UTF-8, as they are. */
function basicCredentials(clientId: string, clientSecret: string, encoding: QuestionForm["basicEncoding"]) {
  const encoded = encoding === "raw" ? (value: string) => value : formEncode;
  return Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString("base64");
}

/** Compiles the request: everything that does not depend on the token is made once. */
export function compileRequest(form: QuestionForm, clientSecret: string): (token: string) => IntrospectionRequest {
  const { method, tokenLocation, tokenName, clientId, credentials } = form;
  const { pathname, search } = new URL(form.endpoint);
  const path = pathname + search;
  const headers = ["accept", "application/json"];
  if (credentials.in === "header")
    headers.push(credentials.name, `${credentials.scheme} ${basicCredentials(clientId, clientSecret, form.basicEncoding)}`);
  if (method === "POST") headers.push("content-type", "application/x-www-form-urlencoded");
  const body = credentials.in === "body" ? `${field("client_id", clientId)}&${field("client_secret", clientSecret)}` : "";
  return (token) => ({
    path: tokenLocation === "query" ? `${path}${search === "" ? "?" : "&"}${field(tokenName, token)}` : path,
    method,
    headers: tokenLocation === "header" ? [...headers, tokenName, token] : headers,
    body: method === "GET" ? null : tokenLocation === "form" ? `${body}${body === "" ? "" : "&"}${field(tokenName, token)}` : body,
  });
}
