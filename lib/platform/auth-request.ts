import { NextRequest } from "next/server";
import { environment } from "./env";

/** The next-auth endpoints in use, by path below `/api/auth`. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ["callback/credentials", ["POST"]],
  ["csrf", ["GET"]],
  ["error", ["GET"]],
  ["providers", ["GET"]],
  ["session", ["GET", "POST"]],
  ["signin", ["GET"]],
  ["signout", ["GET", "POST"]],
]);

/** Larger than an email address, a password and a CSRF token with every character escaped. */
const BODY_BYTES_MAX = 64 * 1024;

const errorResponse = (status: number, message: string, headers: Record<string, string> = {}) =>
  Response.json({ message }, { status, headers: { "Cache-Control": "no-store", ...headers } });

/** Resolves a path or URL of the console's origin; null for anything else. */
export function ownUrl(url: string, base: string = environment().publicUrl): string | null {
  if (!/^(?:\/|https?:)/i.test(url) || !URL.canParse(url, base)) return null;
  const { origin, href } = new URL(url, base);
  return origin === new URL(base).origin ? href : null;
}

async function readForm(request: Request): Promise<URLSearchParams | Response> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded" && type !== "application/json")
    return errorResponse(415, "Send the body as application/x-www-form-urlencoded or application/json.");
  const chunks: Uint8Array[] = [];
  let size = Number(request.headers.get("content-length") ?? 0);
  const reader = size > BODY_BYTES_MAX ? undefined : request.body?.getReader();
  for (size = reader ? 0 : size; reader && size <= BODY_BYTES_MAX; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    chunks.push(value);
  }
  if (size > BODY_BYTES_MAX) {
    await reader?.cancel();
    return errorResponse(413, "The request body is larger than 64 KB.");
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (type !== "application/json") return new URLSearchParams(text);
  try {
    const value: unknown = JSON.parse(text);
    const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return new URLSearchParams(members.filter((member): member is [string, string] => typeof member[1] === "string"));
  } catch {
    return errorResponse(400, "The request body isn't valid JSON.");
  }
}

/**
 * Validates a request to `/api/auth` before next-auth, which reads bodies of any size, returns 500 for an invalid `callbackUrl` and
 * logs what clients send.
 * @param path the path below `/api/auth/`
 * @returns the request with only a form and a same-origin `callbackUrl`, or the response: 204, 400, 404, 405, 413 or 415
 */
export async function authRequest(request: Request, path: string, base: string = environment().publicUrl): Promise<NextRequest | Response> {
  // next-auth's client reports its errors here. The browser's console has them already.
  if (path === "_log") return new Response(null, { status: 204, headers: { "Cache-Control": "no-store" } });
  const methods = METHODS.get(path);
  if (!methods) return errorResponse(404, "Not found: unknown path below /api/auth.");
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (!methods.includes(method))
    return errorResponse(405, `This path accepts ${methods.join(" and ")} only.`, { Allow: methods.join(", ") });
  const url = new URL(request.url);
  const callbackUrl = url.searchParams.get("callbackUrl");
  url.searchParams.delete("callbackUrl");
  const own = callbackUrl === null ? null : ownUrl(callbackUrl, base);
  if (own !== null) url.searchParams.set("callbackUrl", own);
  if (method === "GET") return new NextRequest(url);
  const form = await readForm(request);
  if (form instanceof Response) return form;
  return new NextRequest(url, {
    method,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  });
}
