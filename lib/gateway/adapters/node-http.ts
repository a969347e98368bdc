import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { GatewayRequest } from "../exchange";
import type { Gateway } from "../gateway";
import { originForm } from "./origin-form";
import { peerAddressOf } from "./peer-address";
import { writeAnswer } from "./write-answer";

/** Whether a message has a body: one without framing has none (RFC 9112, section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] !== undefined && headers["content-length"] !== "0");
}

/** What an incoming message means to the core. */
export function toGatewayRequest(incoming: IncomingMessage, target: string, signal: AbortSignal): GatewayRequest {
  return {
    method: incoming.method ?? "GET",
    target,
    rawHeaders: incoming.rawHeaders,
    body: hasBody(incoming) ? incoming : null,
    peerAddress: peerAddressOf(incoming),
    signal,
  };
}

/** Serves a gateway from `node:http`. A caller that goes away cancels the backend's call. */
export function nodeHttpListener(gateway: Gateway): RequestListener {
  return (incoming, outgoing: ServerResponse) => {
    const caller = new AbortController();
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) caller.abort();
    });
    gateway
      .handle(toGatewayRequest(incoming, originForm(incoming.url ?? ""), caller.signal))
      .then((answer) => writeAnswer(outgoing, answer))
      .catch(() => outgoing.destroy());
  };
}
