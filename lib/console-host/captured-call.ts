import type { IncomingMessage } from "node:http";
import { CAPTURE_HEADER, capturedRequest } from "./raw-capture";

/** A captured call that is small enough to be answered in one piece. */
export interface CapturedCall {
  /** As it was sent: its own method, address and body, with the private header that names the peer. */
  request: Request;
  /** Writes an answer to the connection and gives the framework what ends its own part. */
  answer(response: Response): Promise<Response>;
}

/** What the Fetch standard forbids a `Request` to be (section 2.2.1). */
const UNSENDABLE = new Set(["CONNECT", "TRACE", "TRACK"]);

/** Reads a body, at most one byte more than the limit, so that whoever looks at it sees that it is too large. */
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
 * The call behind a captured request, without what a framework does to it on the way: patterns of paths are not tried, and
 * neither body is copied through web streams. Null where requests are not captured.
 * @param limitBytes how much of a body is read
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
      // A `Request` cannot have these; whoever gets another that it does not know refuses it all the same.
      method: UNSENDABLE.has(method) ? "PROPFIND" : method,
      headers,
      ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}),
    }),
    async answer(response) {
      const text = Buffer.from(await response.arrayBuffer());
      if (!outgoing.headersSent && !outgoing.destroyed) {
        for (const [name, value] of response.headers) outgoing.setHeader(name, value);
        // RFC 9110, section 8.6: an answer without content has no length either.
        if (response.status !== 204) outgoing.setHeader("content-length", text.length);
        outgoing.writeHead(response.status).end(text);
      }
      return new Response(null, { status: response.status });
    },
  };
}
