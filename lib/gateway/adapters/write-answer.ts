import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { GatewayAnswer } from "../exchange";

/**
 * Writes an answer as it is: no header is added, joined or dropped, and the body flows as the caller reads it.
 * Resolves when the answer is written or the caller is gone. A backend that breaks off must not look like one
 * that finished, so the caller's connection is ended then.
 */
export async function writeAnswer(outgoing: ServerResponse, answer: GatewayAnswer): Promise<void> {
  const { status, rawHeaders, body } = answer;
  if (outgoing.destroyed) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  outgoing.writeHead(status, rawHeaders);
  if (!(body instanceof Readable)) {
    outgoing.end(body ?? undefined);
    return;
  }
  await pipeline(body, outgoing).catch(() => outgoing.destroy());
}
