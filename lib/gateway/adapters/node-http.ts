import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayAnswer, GatewayRequest } from "../exchange";
import type { Caller } from "../http/caller";
import { firstHeader } from "../http/headers";
import { peerAddressOf } from "./peer-address";
import { writeAnswer } from "./write-answer";

/** Whether a message has a body: one without framing has none (RFC 9112, section 6.3). */
export function hasBody(rawHeaders: readonly string[]): boolean {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === 14 && name.toLowerCase() === "content-length") {
      if (rawHeaders[index + 1] !== "0") return true;
    } else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") return true;
  }
  return false;
}

/** What an incoming message means to the core. */
export function toGatewayRequest(incoming: IncomingMessage, target: string, caller: Caller, problem: string | null): GatewayRequest {
  const { rawHeaders } = incoming;
  return {
    method: incoming.method ?? "GET",
    target,
    rawHeaders,
    body: hasBody(rawHeaders) ? incoming : null,
    peerAddress: peerAddressOf(incoming),
    needsHost: incoming.httpVersion === "1.1",
    framingProblem: problem,
    caller,
  };
}

/** Hands an answer over. What cannot be written, because the backend's headers are none that HTTP knows, becomes a 502. */
export function handOver(outgoing: ServerResponse, answer: GatewayAnswer): void {
  try {
    writeAnswer(outgoing, answer);
  } catch {
    if (answer.body !== null && "pipe" in answer.body) answer.body.destroy();
    if (outgoing.headersSent) {
      outgoing.destroy();
      return;
    }
    const text = JSON.stringify({
      message: "The backend returned an invalid HTTP response",
      http_status_code: 502,
      error: "BACKEND_INVALID_RESPONSE",
    });
    const requestId = firstHeader(answer.rawHeaders, "x-request-id") ?? "";
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text), "x-request-id": requestId };
    outgoing.writeHead(502, headers).end(text);
  }
}
