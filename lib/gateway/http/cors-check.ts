import { HEADER_NAME } from "@/lib/definition/field-rules";
import type { Cors } from "@/lib/definition/schema";
import { GATEWAY_ERRORS } from "../errors";
import { compileCors } from "./cors";
import { firstHeader, type HeaderList } from "./headers";

/** What a page does: its origin, and the request that it makes. */
export interface CrossOriginCall {
  origin: string;
  method: string;
  headers: readonly string[];
  credentials: boolean;
}

export interface NamedHeader {
  name: string;
  value: string;
}

/** What the gateway answers a browser, and what the browser makes of it. */
export interface CorsVerdict {
  allowed: boolean;
  /** In sentences: everything that refuses, or what lets it pass. */
  reasons: string[];
  /** With the status 0 it is not this gateway that answers: CORS is off, so flows and the backend do. */
  preflight: { needed: boolean; status: number; headers: NamedHeader[] };
  response: { headers: NamedHeader[] };
}

/** Fetch standard, section 2.2.1: these are written in capitals for the page; PATCH is not among them. */
const NORMALIZED = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
const FORBIDDEN_METHODS = new Set(["CONNECT", "TRACE", "TRACK"]);
const SIMPLE_METHODS = new Set(["GET", "HEAD", "POST"]);
/** Fetch standard, section 2.2.2: no permission is asked for these; for Content-Type and Range that depends on the value. */
const SIMPLE_HEADERS = new Set(["accept", "accept-language", "content-language"]);
/** What a page cannot set: the browser leaves it out. */
const FORBIDDEN_HEADERS = new Set(
  (
    "accept-charset accept-encoding access-control-request-headers access-control-request-method connection content-length cookie cookie2 " +
    "date dnt expect host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via"
  ).split(" "),
);
const isForbidden = (name: string) => FORBIDDEN_HEADERS.has(name) || name.startsWith("proxy-") || name.startsWith("sec-");

/** An origin as a browser writes it, or why none writes this. */
function serializedOrigin(text: string): { origin: string } | { problem: string } {
  if (text === "null") return { origin: text };
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/i.exec(text) ?? [];
  if (!scheme || !rest || !URL.canParse(text))
    return { problem: `${text} is no origin. It has a scheme, a host and perhaps a port: https://shop.example.` };
  if (/[/?#@\\]/.test(rest))
    return { problem: `Browsers send an origin without a path, and without a slash at the end: ${new URL(text).origin}.` };
  const { origin } = new URL(text);
  // Of schemes that the URL standard does not know, such as those of extensions, the origin stands as it is written.
  return { origin: origin === "null" ? text : origin };
}

const asNamed = (headers: HeaderList): NamedHeader[] =>
  Array.from({ length: headers.length / 2 }, (_, index) => ({ name: headers[index * 2] ?? "", value: headers[index * 2 + 1] ?? "" }));

/** What the request is when the browser has put it in order. */
interface Prepared {
  origin: string;
  method: string;
  /** Those that need permission, in lower case, sorted as browsers do. */
  headers: string[];
  problems: string[];
  remarks: string[];
}

function prepare(call: CrossOriginCall): Prepared {
  const problems: string[] = [];
  const remarks: string[] = [];
  const serialized = serializedOrigin(call.origin);
  if ("problem" in serialized) problems.push(serialized.problem);
  const origin = "origin" in serialized ? serialized.origin : call.origin;
  if (origin !== call.origin) remarks.push(`Browsers write the origin as ${origin}.`);
  if (origin === "null") remarks.push("null is the origin of sandboxed frames and of pages from files.");
  const upper = call.method.toUpperCase();
  const method = NORMALIZED.has(upper) ? upper : call.method;
  if (!HEADER_NAME.test(method)) problems.push(`${method} is no method.`);
  else if (FORBIDDEN_METHODS.has(upper)) problems.push(`No page can send ${upper}: browsers refuse it.`);
  else if (method !== upper) problems.push(`Browsers send ${method} as it is written, and methods are told apart by case: write ${upper}.`);
  const headers = new Set<string>();
  for (const name of call.headers.map((header) => header.toLowerCase())) {
    if (name === "") continue;
    if (!HEADER_NAME.test(name)) problems.push(`${name} is no header name.`);
    else if (isForbidden(name)) remarks.push(`Pages cannot set ${name}, so browsers leave it out.`);
    else if (!SIMPLE_HEADERS.has(name)) headers.add(name);
  }
  if (headers.has("content-type"))
    remarks.push("Content-Type needs permission for anything but forms and plain text; application/json does.");
  return { origin, method, headers: [...headers].sort(), problems, remarks };
}

/** Fetch standard, section 4.10, the CORS check: whether an answer shares itself with the page. */
function sharingProblem(headers: HeaderList, { origin, credentials }: { origin: string; credentials: boolean }): string | null {
  const allowed = firstHeader(headers, "access-control-allow-origin");
  if (allowed === null) return `The API does not allow the origin ${origin}. Add it to the origins.`;
  if (credentials && allowed === "*")
    return "The answer is for any origin (*), which browsers do not accept together with credentials. Name the origin and allow credentials.";
  if (allowed !== "*" && allowed !== origin) return `The answer is for the origin ${allowed}, not for ${origin}.`;
  if (credentials && firstHeader(headers, "access-control-allow-credentials") !== "true") return "The API does not allow credentials.";
  return null;
}

/** What is allowed of what the preflight asks for, from the settings that made its answer. */
function permissionProblems(cors: Cors, { method, headers }: Prepared, credentials: boolean): string[] {
  const problems: string[] = [];
  const methods: readonly string[] = cors.allowMethods;
  if (!methods.includes(method))
    problems.push(`The API does not allow the method ${method} from other origins. It allows ${methods.join(", ") || "none"}.`);
  const allowed = new Set(cors.allowHeaders.map((name) => name.toLowerCase()));
  for (const name of headers) {
    if (allowed.has(name) && name !== "*") continue;
    if (allowed.has("*") && name === "authorization")
      problems.push("The headers * stand for all but Authorization. Name Authorization too.");
    else if (allowed.has("*") && (credentials || cors.allowCredentials))
      problems.push(`With credentials, * stands for no header. Name ${name}.`);
    else if (!allowed.has("*"))
      problems.push(`The API does not allow the header ${name} from other origins. Add it to the request headers.`);
  }
  return problems;
}

function off(needed: boolean, remarks: readonly string[]): CorsVerdict {
  const reasons = [
    "CORS is off for this API, so the gateway answers no preflight by itself and adds no CORS headers. A page of another origin gets through only if the backend answers them, and no step asks its preflight for a token.",
    ...remarks,
  ];
  return { allowed: false, reasons, preflight: { needed, status: 0, headers: [] }, response: { headers: [] } };
}

/**
 * Answers what a gateway with these settings says to a page of another origin, by the code that answers its calls, and what a
 * browser makes of that by the Fetch standard. `gatewayOrigin` is the gateway's own: its pages need no permission.
 */
export function checkCors(cors: Cors, call: CrossOriginCall, gatewayOrigin: string): CorsVerdict {
  const prepared = prepare(call);
  const { origin, method, headers, problems, remarks } = prepared;
  const needed = !SIMPLE_METHODS.has(method) || headers.length > 0;
  if (problems.length === 0 && origin === gatewayOrigin)
    return {
      allowed: true,
      reasons: ["The page has the origin of the gateway itself, so browsers ask for no permission.", ...remarks],
      preflight: { needed: false, status: 0, headers: [] },
      response: { headers: [] },
    };
  const compiled = compileCors(cors);
  if (!compiled) return off(needed, [...problems, ...remarks]);

  const answer: HeaderList = [];
  compiled.apply(answer, origin);
  const asked = [
    "access-control-request-method",
    method,
    ...(headers.length > 0 ? ["access-control-request-headers", headers.join(",")] : []),
  ];
  const preflight = compiled.preflight("OPTIONS", asked, origin);
  const refusal = preflight !== null && "code" in preflight ? preflight : null;
  const preflightHeaders = [...(preflight?.headers ?? [])];

  const sharing = sharingProblem(answer, { origin, credentials: call.credentials });
  if (sharing !== null) problems.push(sharing);
  if (needed && sharing === null) {
    const permissions = permissionProblems(cors, prepared, call.credentials);
    problems.push(...permissions);
    if (refusal && permissions.length === 0) problems.push(`${refusal.reason}.`);
  }
  const allowed = problems.length === 0;
  const reasons = allowed ? whatLetsPass(answer, prepared, needed, cors, call.credentials) : problems;
  return {
    allowed,
    reasons: [...reasons, ...remarks],
    preflight: { needed, status: refusal ? GATEWAY_ERRORS[refusal.code].status : 204, headers: asNamed(preflightHeaders) },
    response: { headers: asNamed(answer) },
  };
}

function whatLetsPass(
  answer: HeaderList,
  { origin, method, headers }: Prepared,
  needed: boolean,
  cors: Cors,
  credentials: boolean,
): string[] {
  const any = firstHeader(answer, "access-control-allow-origin") === "*";
  const reasons = [any ? "The API allows every origin (*)." : `The API allows the origin ${origin}.`];
  if (!needed) reasons.push(`${method} without further headers is a simple request: browsers send it without asking first.`);
  else {
    reasons.push(`Browsers ask first, and the API allows the method ${method}${headers.length > 0 ? ` with ${headers.join(", ")}` : ""}.`);
    if (cors.maxAgeSeconds > 0) reasons.push(`A browser keeps that answer for up to ${cors.maxAgeSeconds} seconds.`);
  }
  if (credentials) reasons.push("The API allows credentials.");
  return reasons;
}
