import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { GatewayRequest } from "../exchange";
import type { Gateway } from "../gateway";

/** What an incoming message means to the core. A message without framing has no body (RFC 9112, section 6.3). */
export function toGatewayRequest(incoming: IncomingMessage, target: string, signal: AbortSignal): GatewayRequest {
  const { headers } = incoming;
  const hasBody = headers["transfer-encoding"] !== undefined || (headers["content-length"] !== undefined && headers["content-length"] !== "0");
  return {
    method: incoming.method ?? "GET",
    target,
    rawHeaders: incoming.rawHeaders,
    body: hasBody ? incoming : null,
    peerAddress: incoming.socket.remoteAddress ?? "unknown",
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
    gateway.handle(toGatewayRequest(incoming, incoming.url ?? "", caller.signal)).then((answer) => {
      if (outgoing.destroyed) {
        if (answer.body && "destroy" in answer.body) answer.body.destroy();
        return;
      }
      outgoing.writeHead(answer.status, answer.rawHeaders);
      if (answer.body === null) outgoing.end();
      else if (Buffer.isBuffer(answer.body)) outgoing.end(answer.body);
      // A backend that breaks off must not look like one that finished: pipeline ends the caller's connection then.
      else pipeline(answer.body, outgoing, () => undefined);
    });
  };
}
