import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { PEER_HEADER } from "@/lib/client-address/private-headers";
import { hasBody } from "@/lib/gateway/adapters/node-http";
import { writeAnswerInFramework } from "@/lib/gateway/adapters/write-answer";
import { GATEWAY_ERRORS } from "@/lib/gateway/errors";
import type { GatewayAnswer, GatewayRequest } from "@/lib/gateway/exchange";
import type { Gateway } from "@/lib/gateway/gateway";
import type { AnswerBody } from "@/lib/gateway/http/answer-body";
import { Caller } from "@/lib/gateway/http/caller";
import { CAPTURE_HEADER, capturedRequest, isCapturing } from "./raw-capture";

/** Returns the part of a target below a mount point; "/" for the mount point itself. */
function below(target: string, mount: string): string {
  const rest = target.startsWith(mount) ? target.slice(mount.length) : target;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function callerOf(signal: AbortSignal): Caller {
  const caller = new Caller();
  if (signal.aborted) caller.leave();
  else signal.addEventListener("abort", () => caller.leave(), { once: true });
  return caller;
}

/**
 * Returns the raw request of a route handler. Without capturing, it's the framework's normalized request, which is safe but less
 * exact.
 */
export function gatewayRequest(request: Request, mount: string): GatewayRequest {
  const captured = capturedRequest(request.headers.get(CAPTURE_HEADER));
  if (captured) {
    return {
      method: captured.method,
      target: below(captured.target, mount),
      rawHeaders: captured.rawHeaders,
      body: hasBody(captured.rawHeaders) ? captured.incoming : null,
      peerAddress: captured.peerAddress,
      framingProblem: captured.framingProblem,
      caller: captured.caller,
    };
  }
  const url = new URL(request.url);
  const rawHeaders: string[] = [];
  for (const [name, value] of request.headers) {
    if (name !== CAPTURE_HEADER && name !== PEER_HEADER && name !== "accept-encoding") rawHeaders.push(name, value);
  }
  // Next removes Content-Encoding from route handlers' responses, so they must not be encoded.
  rawHeaders.push("accept-encoding", "identity");
  return {
    method: request.method,
    // While capturing, only the framework itself creates uncaptured requests, such as its image loader's. They have no target.
    target: isCapturing() ? "" : below(url.pathname + url.search, mount),
    rawHeaders,
    body: request.body ? Readable.fromWeb(request.body as NodeReadableStream) : null,
    peerAddress: "unknown",
    caller: callerOf(request.signal),
  };
}

/** Converts a body to a web stream with backpressure. Canceling it aborts the backend request. */
function webStream(body: AnswerBody): ReadableStream<Uint8Array> {
  let started = false;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (started) {
          body.resume();
          return;
        }
        started = true;
        body.pipe({
          write(chunk) {
            controller.enqueue(chunk);
            return (controller.desiredSize ?? 0) > 0;
          },
          end: () => controller.close(),
          fail: (error) => controller.error(error),
        });
      },
      cancel: () => body.destroy(),
    },
    { highWaterMark: 4 },
  );
}

/** Statuses for which a `Response` can't have a body (Fetch, 2.2.3). */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** Converts the gateway's response to a `Response`. @throws for headers that `Headers` rejects */
export function toResponse(answer: GatewayAnswer): Response {
  const headers = new Headers();
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? "", answer.rawHeaders[index + 1] ?? "");
  }
  const { body } = answer;
  if (body === null || NULL_BODY_STATUSES.has(answer.status)) {
    if (body !== null && "pipe" in body) body.destroy();
    return new Response(null, { status: answer.status, headers });
  }
  return new Response("pipe" in body ? webStream(body) : new Uint8Array(body), { status: answer.status, headers });
}

/**
 * Serves a gateway from a route handler mounted at a path such as `/gateway`. Captured requests are answered on the raw
 * connection: from a `Response`, Next would remove `Content-Encoding` and `Content-Length` and join repeated headers.
 */
export async function handleRoute(gateway: Gateway, request: Request, mount: string): Promise<Response> {
  // Looked up first, because the capture is deleted when the client disconnects.
  const outgoing = capturedRequest(request.headers.get(CAPTURE_HEADER))?.outgoing;
  const answer = await gateway.handle(gatewayRequest(request, mount));
  if (outgoing && !outgoing.headersSent) {
    await writeAnswerInFramework(outgoing, answer);
    return new Response(null, { status: answer.status });
  }
  try {
    return toResponse(answer);
  } catch {
    // The backend sent an invalid header, so the rest of the response can't be trusted either.
    if (answer.body !== null && "pipe" in answer.body) answer.body.destroy();
    const code = "BACKEND_INVALID_RESPONSE";
    const { status, message } = GATEWAY_ERRORS[code];
    return Response.json({ message, http_status_code: status, error: code }, { status });
  }
}
