import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { hasBody } from "@/lib/gateway/adapters/node-http";
import { writeAnswerInFramework } from "@/lib/gateway/adapters/write-answer";
import type { GatewayAnswer, GatewayRequest } from "@/lib/gateway/exchange";
import type { Gateway } from "@/lib/gateway/gateway";
import type { AnswerBody } from "@/lib/gateway/http/answer-body";
import { Caller } from "@/lib/gateway/http/caller";
import { CAPTURE_HEADER, capturedRequest, isCapturing, PEER_HEADER } from "./raw-capture";

/** The part of a target below a mount point; the mount point itself is "/". */
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
 * The raw request that a route handler was called for. Where requests are captured it is what stood on the wire;
 * elsewhere it is what the framework left of it, which is normalised and therefore safe, if less exact.
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
  // Next drops the Content-Encoding of what a route handler answers, so nothing encoded may come back.
  rawHeaders.push("accept-encoding", "identity");
  return {
    method: request.method,
    // What gets past the capture was not sent by a caller: the framework made it up, as its image loader does. It has no target.
    target: isCapturing() ? "" : below(url.pathname + url.search, mount),
    rawHeaders,
    body: request.body ? Readable.fromWeb(request.body as NodeReadableStream) : null,
    peerAddress: "unknown",
    caller: callerOf(request.signal),
  };
}

/** A body as a web stream that pulls only while it is read; cancelling it ends the backend's call. */
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

/** Statuses that a `Response` must be given without a body (Fetch standard, section 2.2.3). */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** A core's answer as a `Response`. */
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
 * Serves a gateway from a route handler mounted at a path such as `/gateway`. Where requests are captured, the answer is
 * written to the connection as it is, and the framework ends what has ended already: given a `Response`, Next would drop
 * `Content-Encoding` and `Content-Length`, join repeated headers and copy the body through web streams.
 */
export async function handleRoute(gateway: Gateway, request: Request, mount: string): Promise<Response> {
  // Looked up before: what was captured is forgotten when the caller goes away.
  const outgoing = capturedRequest(request.headers.get(CAPTURE_HEADER))?.outgoing;
  const answer = await gateway.handle(gatewayRequest(request, mount));
  if (outgoing && !outgoing.headersSent) {
    await writeAnswerInFramework(outgoing, answer);
    return new Response(null, { status: answer.status });
  }
  try {
    return toResponse(answer);
  } catch {
    // The backend sent a header that HTTP does not know; nothing of the answer can be trusted then.
    if (answer.body !== null && "pipe" in answer.body) answer.body.destroy();
    return Response.json(
      { message: "The backend answered with something that is not HTTP", http_status_code: 502, error: "BACKEND_INVALID_RESPONSE" },
      { status: 502 },
    );
  }
}
