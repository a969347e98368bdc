import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { GatewayAnswer } from "../exchange";

/** Lets a body flow as fast as the caller reads. Resolves when it is handed over whole, or when one side is gone. */
function pump(body: Readable, outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    body.on("data", (chunk: Buffer) => {
      if (!outgoing.write(chunk)) body.pause();
    });
    outgoing.on("drain", () => body.resume());
    body.on("end", () => outgoing.end());
    // A backend that breaks off must not look like one that finished.
    body.on("error", () => outgoing.destroy());
    body.on("close", resolve);
  });
}

/**
 * Writes an answer as it is: no header is added, joined or dropped, and the body flows as the caller reads it.
 * Resolves when all of it is handed over. When the caller leaves early, the request's signal ends the body.
 */
export async function writeAnswer(outgoing: ServerResponse, { status, rawHeaders, body }: GatewayAnswer): Promise<void> {
  if (outgoing.destroyed) {
    if (body instanceof Readable) body.destroy();
    return;
  }
  // An empty list would be taken for headers all the same, and replace those that are set already.
  if (rawHeaders.length > 0) outgoing.writeHead(status, rawHeaders);
  else outgoing.writeHead(status);
  if (!(body instanceof Readable)) {
    outgoing.end(body ?? undefined);
    return;
  }
  // The first event of a stream may be long in coming; when the first piece is here already, both go in one packet.
  if (body.readableLength === 0) outgoing.flushHeaders();
  await pump(body, outgoing);
}

/**
 * The same for a connection that a framework has prepared. What it wraps around `writeHead` understands neither flat
 * lists nor repeated names, so the headers are set one by one before.
 */
export function writeAnswerInFramework(outgoing: ServerResponse, answer: GatewayAnswer): Promise<void> {
  const { rawHeaders } = answer;
  // Next says that its pages vary by its own headers; this is not one of them.
  outgoing.removeHeader("vary");
  for (let index = 0; index < rawHeaders.length; index += 2) outgoing.appendHeader(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  return writeAnswer(outgoing, { ...answer, rawHeaders: [] });
}
