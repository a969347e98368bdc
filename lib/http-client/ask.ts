import type { Dispatcher } from "undici";
import { bodyText } from "./body-text";
import { decodeBody } from "./content-coding";
import { USER_AGENT } from "./user-agent";

/** One request to an authorization server. */
export interface Question {
  method: "GET" | "POST";
  /** For dispatchers that serve several origins. */
  origin?: string;
  /** Path and query. */
  path: string;
  /** Names and values in turn; the client adds `User-Agent` and `Accept-Encoding`. */
  headers: readonly string[];
  body?: string | null;
  /** Bounds the time of the whole exchange. Required, so that no question waits for ever. */
  signal: AbortSignal;
  /** The largest body that is read, in bytes, before and after decoding. */
  maxBytes: number;
}

/** What a server answered, whatever its status. */
export interface Answer {
  status: number;
  headers: Dispatcher.ResponseData["headers"];
  /** Decoded, without a byte-order mark; null when the body is larger than `maxBytes`. */
  text: string | null;
}

/** Without `Accept-Encoding`, a server may choose any content coding (RFC 9110, 12.5.3). */
const OWN_HEADERS = ["user-agent", USER_AGENT, "accept-encoding", "identity"];

async function readBounded(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop destroys the stream: the rest is never read.
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Sends one request to a server that Gatewright depends on: introspection, key sets, discovery, token endpoints. One
 * try, no redirects, at most `maxBytes` of the body, and all of it before `signal` aborts. It identifies itself, asks for no
 * content coding and decodes what was coded all the same. The dispatcher decides where the request may go.
 * @throws UnreadableBody when the body can't be decoded; otherwise what undici or the signal's reason says.
 */
export async function ask(dispatcher: Dispatcher, question: Question): Promise<Answer> {
  const { method, origin, path, headers, body = null, signal, maxBytes } = question;
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
  const { statusCode: status, headers: answered } = response;
  const raw = await readBounded(response.body, maxBytes);
  const coding = answered["content-encoding"];
  const bytes = raw === null ? null : coding === undefined ? raw : await decodeBody(raw, String(coding), maxBytes);
  return { status, headers: answered, text: bytes === null ? null : bodyText(bytes) };
}
