import type { ServerResponse } from "node:http";
import type { GatewayAnswer } from "../exchange";
import type { AnswerBody } from "../http/answer-body";

/** A caller that reads nothing of its answer for this long is dropped: it holds a connection of the backend. */
const CALLER_STALL_MS = 60_000;

/** Lets a body flow as fast as the caller reads. Calls back when it is handed over whole, or when one side is gone. */
function pump(body: AnswerBody, outgoing: ServerResponse, handedOver: () => void): void {
  let stalled: NodeJS.Timeout | undefined;
  outgoing.on("drain", () => {
    clearTimeout(stalled);
    body.resume();
  });
  outgoing.once("close", () => {
    clearTimeout(stalled);
    // Ended when it is not yet: what the backend has sent whole, and nobody took, has no other end.
    body.destroy();
    handedOver();
  });
  body.pipe({
    write(chunk) {
      if (outgoing.write(chunk)) return true;
      clearTimeout(stalled);
      stalled = setTimeout(() => outgoing.destroy(), CALLER_STALL_MS);
      return false;
    },
    end() {
      outgoing.end();
      handedOver();
    },
    // A backend that breaks off must not look like one that finished.
    fail: () => outgoing.destroy(),
  });
}

const nothing = () => undefined;

/**
 * Writes an answer as it is: no header is added, joined or dropped, and the body flows as the caller reads it.
 * Calls back when all of it is handed over. When the caller leaves early, the request's `caller` ends the body.
 * @throws when the backend's headers are none that HTTP knows; nothing has been written then
 */
export function writeAnswer(outgoing: ServerResponse, { status, rawHeaders, body }: GatewayAnswer, handedOver: () => void = nothing): void {
  if (outgoing.destroyed) {
    if (body !== null && "pipe" in body) body.destroy();
    handedOver();
    return;
  }
  // An empty list would be taken for headers all the same, and replace those that are set already.
  if (rawHeaders.length > 0) outgoing.writeHead(status, rawHeaders);
  else outgoing.writeHead(status);
  const whole = body !== null && "pipe" in body ? body.takeWhole() : body;
  if (whole === null && body !== null && "pipe" in body) {
    // The first event of a stream may be long in coming.
    outgoing.flushHeaders();
    pump(body, outgoing, handedOver);
    return;
  }
  outgoing.end(whole ?? undefined);
  // Only now, because it writes the log, and the caller need not wait for that.
  if (body !== null && "pipe" in body) body.settle();
  handedOver();
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
  return new Promise((resolve) => writeAnswer(outgoing, { ...answer, rawHeaders: [] }, resolve));
}
