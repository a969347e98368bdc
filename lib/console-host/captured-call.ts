import type { IncomingMessage } from "node:http";
import { CAPTURE_HEADER, capturedRequest } from "./raw-capture";

/** A captured request whose response is small enough to be written at once. */
export interface CapturedCall {
  /** The original method, URL and body, with the private header that contains the peer's address. */
  request: Request;
  /** Writes a response to the connection and returns an empty one that completes the framework's request. */
  answer(response: Response): Promise<Response>;
}

/** Methods that the Fetch standard forbids in a `Request` (Fetch, 2.2.1). */
const UNSENDABLE = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Reads at most one byte more than the limit, which shows that the body is too large. */
async function readBody(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limitBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, limitBytes + 1);
}

/**
 * Returns the original request behind a captured one, which skips the framework's routing and web streams. Null if requests
 * aren't captured.
 * @param limitBytes maximum body size
 */
export async function capturedCall(request: Request, limitBytes: number): Promise<CapturedCall | null> {
  const captured = capturedRequest(request.headers.get(CAPTURE_HEADER));
  if (!captured) return null;
  const { method, target, incoming, outgoing } = captured;
  const headers = new Headers(request.headers);
  headers.delete(CAPTURE_HEADER);
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? await readBody(incoming, limitBytes) : null;
  return {
    request: new Request(new URL(target, request.url), {
      // A `Request` can't have these methods. PROPFIND is rejected just the same.
      method: UNSENDABLE.has(method) ? "PROPFIND" : method,
      headers,
      ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}),
    }),
    async answer(response) {
      const text = Buffer.from(await response.arrayBuffer());
      if (!outgoing.headersSent && !outgoing.destroyed) {
        for (const [name, value] of response.headers) outgoing.setHeader(name, value);
        // RFC 9110, 8.6: a 204 response has no Content-Length.
        if (response.status !== 204) outgoing.setHeader("content-length", text.length);
        outgoing.writeHead(response.status).end(text);
      }
      return new Response(null, { status: response.status });
    },
  };
}
