import { environment } from "@/lib/platform/env";

const NAMES = ["x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes"] as const;

/** Maximum body that the echo returns. */
const ECHO_BYTES_MAX = 64 * 1024;

async function shownBody(request: Request): Promise<string> {
  const reader = request.body?.getReader();
  let text = "";
  const decoder = new TextDecoder();
  while (reader && text.length < ECHO_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text.slice(0, ECHO_BYTES_MAX);
}

/** Returns the headers to echo, without credentials and private headers. */
function shownHeaders(request: Request): Record<string, string> {
  const entries = [...request.headers].filter(
    ([name]) => !/^x-gatewright-(?:peer|target|capture|exchange)/.test(name) && name !== "cookie",
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, name === "authorization" ? `${value.split(" ")[0]} …` : value]));
}

/** Returns the raw path below a prefix; decoding would hide what the gateway forwarded. */
const pathBelow = (pathname: string, prefix: string) => pathname.slice(prefix.length) || "/";

/**
 * Responds as the sample backend: `/echo/…` returns the request, `/hello` a greeting, `/whoami` the identity headers. Like any
 * backend behind a gateway, it checks no credentials.
 */
export async function sampleAnswer(path: readonly string[], request: Request): Promise<Response> {
  if (!environment().samples)
    return Response.json({ message: "The sample backend is disabled (GATEWRIGHT_SAMPLES=off)." }, { status: 404 });
  const [name, ...rest] = path;
  const url = new URL(request.url);
  if (name === "echo") {
    return Response.json({
      method: request.method,
      path: pathBelow(url.pathname, "/samples/echo"),
      query: Object.fromEntries(url.searchParams),
      headers: shownHeaders(request),
      body: await shownBody(request),
    });
  }
  if (name === "hello" && rest.length === 0) return Response.json({ message: "Hello from the sample backend." });
  if (name === "whoami" && rest.length === 0) {
    const [clientId, subject, scopes] = NAMES.map((header) => request.headers.get(header));
    return Response.json({ clientId, subject, scopes: scopes ? scopes.split(" ") : [] });
  }
  return Response.json(
    { message: "Unknown path. The sample backend serves /samples/echo/…, /samples/hello, and /samples/whoami." },
    { status: 404 },
  );
}
