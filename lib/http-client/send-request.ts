import type { Dispatcher } from "undici";
import { bodyText } from "./body-text";
import { decodeBody } from "./content-coding";
import { USER_AGENT } from "./user-agent";

/** One request to an authorization server. */
export interface ServerRequest {
  method: "GET" | "POST";
  /** For dispatchers that serve several origins. */
  origin?: string;
  /** Path and query. */
  path: string;
  /** Names and values alternate. The client adds `User-Agent` and `Accept-Encoding`. */
  headers: readonly string[];
  body?: string | null;
  /** Limits the time of the whole exchange. */
  signal: AbortSignal;
  /** Maximum body size in bytes, before and after decoding. */
  maxBytes: number;
}

/** A response with any status. */
export interface ServerResponse {
  status: number;
  headers: Dispatcher.ResponseData["headers"];
  /** Decoded, without a byte-order mark; null above `maxBytes`. */
  text: string | null;
}

/** Without `Accept-Encoding`, a server may choose any content coding (RFC 9110, 12.5.3). */
const OWN_HEADERS = ["user-agent", USER_AGENT, "accept-encoding", "identity"];

async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Returning destroys the stream.
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Sends one request to an authorization server or key set, without retries and redirects. It requests no content coding but
 * decodes one; the dispatcher applies the outbound rules.
 * @throws UnreadableBody when the body can't be decoded, the error of undici, or the signal's reason
 */
export async function sendRequest(dispatcher: Dispatcher, request: ServerRequest): Promise<ServerResponse> {
  const { method, origin, path, headers, body = null, signal, maxBytes } = request;
  const response = await dispatcher.request({
    method,
    ...(origin === undefined ? {} : { origin }),
    path,
    headers: [...headers, ...OWN_HEADERS],
    body,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const { statusCode: status, headers: responseHeaders } = response;
  const raw = await readBounded(response.body, maxBytes);
  const coding = responseHeaders["content-encoding"];
  const bytes = raw === null ? null : coding === undefined ? raw : await decodeBody(raw, String(coding), maxBytes);
  return { status, headers: responseHeaders, text: bytes === null ? null : bodyText(bytes) };
}
