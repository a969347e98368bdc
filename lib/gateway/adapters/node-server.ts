import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { GatewayErrorCode } from "../errors";
import type { GatewayAnswer, GatewayRequest } from "../exchange";
import type { Gateway } from "../gateway";
import { Caller } from "../http/caller";
import type { AccessRecord } from "../ports";
import { closeAfterWrites, isAnswering, MAX_HEADER_BYTES, onClientError, refuseConnection } from "./client-errors";
import { ClientMessage } from "./client-message";
import { closePort } from "./close-port";
import { type ConnectionLimits, connectionLimits, limitConnections } from "./connection-limits";
import { descriptorLimit } from "./descriptor-limit";
import { framingProblem } from "./framing-problem";
import { idleConnections } from "./idle-connections";
import { leaveWithConnection } from "./leave-with-connection";
import { handOver, hasBody, toGatewayRequest } from "./node-http";
import { originForm } from "./origin-form";
import { serveInTurn } from "./pipelined";

/** How a gateway's own server treats those who connect to it. */
export interface NodeServerOptions {
  /** Answers what is not an API: health, metrics, metadata. False when the target is none of these. */
  answerOwn?(incoming: IncomingMessage, outgoing: ServerResponse, target: string): boolean;
  /** Writes down what was refused before it was a request. */
  log(record: AccessRecord): void;
  /** Whether connections of this address are a load balancer's, which may send any request over one that is idle. */
  isProxy?(peerAddress: string): boolean;
  /** By default, what the descriptors of the process allow. */
  connectionLimits?: ConnectionLimits;
  /** Told of each connection that is closed because of a limit. */
  onConnectionRejected?(peerAddress: string): void;
}

/** A gateway's own server. */
export interface NodeServer {
  readonly server: Server;
  /**
   * Closes the port without a reset of what has arrived, lets requests finish, and closes the connections behind them. An idle
   * connection takes one more request: a client's within a second, a proxy's until the proxy closes it, at most 10 seconds.
   * Resolves when all are closed, at the latest after the time given: what is unfinished then is cut off.
   */
  drain(timeoutMs: number): Promise<void>;
}

/** A sender that needs longer for its header fields is dropped. */
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than load balancers keep theirs, so that it is never the gateway that closes under a request. */
const KEEP_ALIVE_MS = 65_000;
const CONNECTIONS_CHECK_MS = 5000;
/** How long the rest of a body that nobody wants is read, so that its sender can read the answer. */
const LINGER_MS = 10_000;

/**
 * Makes the server of a data plane: `node:http` with limits, WebSocket, and an answer and a log line for what is no request.
 */
export function createNodeServer(gateway: Gateway, options: NodeServerOptions): NodeServer {
  let draining = false;
  /** Connections that Node's server does not know any more: those with another protocol, or that have asked for one. */
  const upgraded = new Set<Duplex>();
  const server = createServer({
    IncomingMessage: ClientMessage,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // An upload may take its time; one that pauses is dropped by the body's own limit.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    // It is asked for all the same, by an answer with an id and a line in the log.
    requireHostHeader: false,
    // Bytes that parsers read in different ways are not read at all.
    insecureHTTPParser: false,
  });
  const isProxy = options.isProxy ?? (() => false);
  const limits = options.connectionLimits ?? connectionLimits(descriptorLimit());
  limitConnections(server, limits, isProxy, (address) => options.onConnectionRejected?.(address));
  const idle = idleConnections(server, isProxy, (socket) => upgraded.has(socket));
  // Node would leave out, without a word, what is beyond its limit: a second Authorization header, for example.
  server.maxHeadersCount = 0;

  const serve = (incoming: IncomingMessage, outgoing: ServerResponse, request: GatewayRequest, onAnswer: OnAnswer) => {
    // A connection that is being drained takes no further request.
    if (draining) outgoing.shouldKeepAlive = false;
    if (request.body !== null) lingerAfter(incoming, outgoing);
    gateway.serve(request, (answer) => onAnswer(outgoing, answer));
  };

  server.on("request", (incoming, outgoing) => {
    const target = originForm(incoming.url ?? "");
    // First, because it closes the connection behind any response.
    const problem = framingProblem(incoming, outgoing);
    if (options.answerOwn?.(incoming, outgoing, target)) return;
    const caller = new Caller();
    leaveWithConnection(caller, incoming, outgoing);
    const request = toGatewayRequest(incoming, target, caller, problem);
    serveInTurn(incoming.socket, outgoing, () => serve(incoming, outgoing, request, handOver));
  });

  server.on("upgrade", (incoming, socket, head) => {
    // It always is one, but its type does not say so.
    if (!(socket instanceof Socket)) return;
    if (isAnswering(socket)) {
      // It was sent behind a call that has no answer yet. Nothing parses this connection any more, so neither can be answered.
      socket.destroy();
      return;
    }
    upgraded.add(socket);
    const outgoing = new ServerResponse(incoming);
    // Nothing parses what would follow on this connection.
    outgoing.shouldKeepAlive = false;
    const caller = new Caller();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      upgraded.delete(socket);
      caller.leave();
    });
    const request = toGatewayRequest(incoming, originForm(incoming.url ?? ""), caller, framingProblem(incoming, outgoing));
    if (hasBody(incoming.rawHeaders) || head.length > 0) {
      // Its framing is unread: what stands in the body of one could be the beginning of another.
      refuse(socket, "INVALID_REQUEST", "A request for another protocol has a body.");
      closeAfterWrites(socket);
      return;
    }
    // Nothing parses this connection any more. It is read all the same, or nobody would see that the caller has left it; a
    // caller that sends something before it has its answer breaks the protocol (RFC 6455, section 4.1).
    const onEarly = () => socket.destroy();
    socket.on("data", onEarly).on("end", onEarly);
    outgoing.assignSocket(socket);
    outgoing.on("finish", () => closeAfterWrites(socket));
    // Node's server doesn't pass it on any more, and a body that waits for it would wait for ever.
    socket.on("drain", () => outgoing.emit("drain"));
    if (options.answerOwn?.(incoming, outgoing, request.target)) return;
    serve(incoming, outgoing, { ...request, canUpgrade: true }, (response, answer) => {
      // An answer that refuses it takes its time too, and a caller that leaves meanwhile has to be seen.
      if (!answer.tunnel) handOver(response, answer);
      else {
        socket.off("data", onEarly).off("end", onEarly);
        openTunnel(response, socket, answer);
      }
    });
  });

  const refuse = (socket: Duplex, code: GatewayErrorCode, reason: string) => refuseConnection(socket, code, reason, options.log);

  // Node would close the connection, and answer 417, without a word in the log.
  server.on("connect", (_incoming, socket) => {
    socket.on("error", () => socket.destroy());
    if (isAnswering(socket)) socket.destroy();
    else refuse(socket, "METHOD_NOT_ALLOWED", "CONNECT is not passed on.");
  });
  server.on("checkExpectation", (incoming, outgoing) => server.emit("request", incoming, outgoing));

  server.on("clientError", (error, socket) => onClientError(error, socket, options.log));

  return {
    server,
    async drain(timeoutMs) {
      const end = performance.now() + timeoutMs;
      const ended = new Promise((resolve) => server.once("close", resolve));
      await closePort(server);
      draining = true;
      const stopClosing = idle.closeAll();
      const cut = setTimeout(() => {
        for (const socket of upgraded) socket.destroy();
        server.closeAllConnections();
      }, end - performance.now());
      await ended;
      clearTimeout(cut);
      stopClosing();
    },
  };
}

type OnAnswer = (outgoing: ServerResponse, answer: GatewayAnswer) => void;

/** When an answer is out before the request is in, the rest of its body has a while to arrive; then the connection goes. */
function lingerAfter(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.once("finish", () => {
    if (incoming.complete) return;
    const timer = setTimeout(() => incoming.socket.destroy(), LINGER_MS);
    incoming.once("close", () => clearTimeout(timer));
    incoming.resume();
  });
}

/** Joins the caller's connection with the backend's: from here on the bytes belong to them. */
function openTunnel(outgoing: ServerResponse, socket: Socket, { rawHeaders, tunnel }: GatewayAnswer): void {
  if (!tunnel) return;
  outgoing.detachSocket(socket);
  const lines = ["HTTP/1.1 101 Switching Protocols", "connection: Upgrade", "upgrade: websocket"];
  for (let index = 0; index < rawHeaders.length; index += 2) lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  const backend = tunnel.socket;
  if (tunnel.head.length > 0) socket.write(tunnel.head);
  socket.on("close", () => backend.destroy());
  backend.on("close", () => socket.destroy());
  backend.on("error", () => socket.destroy());
  backend.pipe(socket);
  socket.pipe(backend);
}
