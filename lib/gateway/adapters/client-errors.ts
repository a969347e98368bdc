import { randomUUID } from "node:crypto";
import diagnosticsChannel from "node:diagnostics_channel";
import { Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { GATEWAY_ERRORS, type GatewayErrorCode, renderRefusal } from "../errors";
import type { AccessRecord } from "../ports";

/** All of a request's header fields together, on every gateway. A token may have 16 KB; the rest is for cookies and what else there is. */
export const MAX_HEADER_BYTES = 32_768;

/** For how long what still arrives is read and dropped. Closing at once would reset the connection, and the response with it. */
const LINGER_MS = 5000;

/** What Node's parser says about bytes that are no request it takes. */
const PARSE_PROBLEMS: Readonly<Record<string, GatewayErrorCode>> = {
  HPE_HEADER_OVERFLOW: "HEADERS_TOO_LARGE",
  ERR_HTTP_REQUEST_TIMEOUT: "REQUEST_TIMEOUT",
  HPE_INVALID_METHOD: "METHOD_UNKNOWN",
};

type Log = (record: AccessRecord) => void;

/** The parser reports the same connection again for every piece that follows. */
const refused = new WeakSet<Duplex>();

/** Writes an error response for what is no request, on a connection that nothing else is written to, and ends it. */
export function refuseConnection(socket: Duplex, code: GatewayErrorCode, reason: string, log: Log): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  const requestId = randomUUID();
  const { status, headers, body } = renderRefusal({ code, reason }, null);
  log({ requestId, method: "", path: "", status, code, reason, durationMs: 0, policiesMs: 0 });
  if (!socket.writable) {
    closeAfterWrites(socket);
    return;
  }
  const lines = [`HTTP/1.1 ${status} ${GATEWAY_ERRORS[code].message}`];
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  lines.push(`x-request-id: ${requestId}`, "connection: close", "", "");
  socket.end(Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), body]));
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once("close", () => clearTimeout(timer));
  socket.resume();
}

/** Handles an error that Node's parser reports about a connection. */
export function onClientError(error: NodeJS.ErrnoException, socket: Duplex, log: Log): void {
  if (refused.has(socket)) return;
  const code = error.code ?? "";
  // The caller left. It sent nothing that could be answered.
  if (code === "ECONNRESET" || code === "EPIPE") {
    socket.destroy();
    return;
  }
  // What is written into an answer that has begun, or before one that is still to come, would be taken for a part of it, or for
  // the answer to another call.
  const answer = answerOn(socket);
  if (answer) {
    if (answer.writableEnded) closeAfterWrites(socket);
    else socket.destroy();
    return;
  }
  refuseConnection(socket, PARSE_PROBLEMS[code] ?? "INVALID_REQUEST", code === "" ? error.message : `${code}: ${error.message}`, log);
}

/**
 * Answers what is no request on every HTTP server of this process, as a gateway's own server does, where the server is made by a
 * framework: Node's own response has no id and no line in the log. Returns a function that ends it, for tests.
 */
export function answerClientErrors(log: Log): () => void {
  const known = new WeakSet<Server>();
  const listener = (message: unknown) => {
    const { socket } = message as { socket: Socket & { server?: unknown } };
    const { server } = socket;
    if (!(server instanceof Server) || known.has(server)) return;
    known.add(server);
    if (server.listenerCount("clientError") === 0) server.on("clientError", (error, broken) => onClientError(error, broken, log));
  };
  diagnosticsChannel.subscribe("net.server.socket", listener);
  return () => diagnosticsChannel.unsubscribe("net.server.socket", listener);
}

/** Whether a request of this connection waits for its answer. */
export const isAnswering = (socket: Duplex): boolean => Reflect.get(socket, "_httpMessage") instanceof ServerResponse;

/** The answer on a connection that is not handed over yet, and is not about what is read now. Node keeps it under a name that its types leave out. */
function answerOn(socket: Duplex): ServerResponse | null {
  const answer: unknown = Reflect.get(socket, "_httpMessage");
  if (!(answer instanceof ServerResponse)) return null;
  // Once its request has been read whole, what is wrong stands behind it.
  return answer.headersSent || answer.req.complete ? answer : null;
}

/** Ends a connection once what has been written to it is on its way. */
export function closeAfterWrites(socket: Duplex): void {
  if (socket instanceof Socket) socket.destroySoon();
  else socket.destroy();
}
