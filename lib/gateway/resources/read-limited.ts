import type { Dispatcher } from "undici";

/** More than this no authorization server has to say about a token or its keys. */
export const MAX_RESPONSE_BYTES = 262_144;

/** Reads the body of an authorization server's answer as text, or answers null when it is larger than {@link MAX_RESPONSE_BYTES}. */
export async function readLimited(body: Dispatcher.ResponseData["body"]): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
