import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { buildConnector } from "undici";
import type { Caller } from "../http/caller";
import type { BackendListener, BackendResponse, Cut } from "./backend-call";
import { BackendError, toBackendError } from "./backend-error";
import type { Held, Load } from "./load";

/** All header fields of a backend's response together. */
export const BACKEND_HEADER_BYTES_MAX = 65_536;

/** A backend that speaks another protocol from now on. */
export interface BackendUpgrade {
  status: 101;
  /** As on the wire. */
  rawHeaders: string[];
  socket: Duplex;
  /** What the backend sent right behind its answer. */
  head: Buffer;
}

/** What is sent to a backend to speak another protocol. */
export interface UpgradeRequest {
  path: string;
  headers: string[];
  /** Milliseconds until the answer has to begin. */
  timeoutMs: number;
  /** Milliseconds that an answer which refuses the other protocol may pause. */
  idleTimeoutMs: number;
  /** Milliseconds until all of such an answer must be there; null for no limit. */
  totalTimeoutMs: number | null;
  caller: Caller;
  load: Load;
  /** What the calls of one client are counted by. */
  client(): string;
  /** Opens the connection. */
  connector: buildConnector.connector;
}

/** The body of an answer that refuses the other protocol. */
function refusalBody(incoming: IncomingMessage, { caller, idleTimeoutMs }: UpgradeRequest): BackendResponse["body"] {
  let whenEnded: ((cut: Cut) => void) | null = null;
  let cut: Cut | undefined;
  const end = (how: Cut) => {
    clearTimeout(idle);
    if (cut !== undefined) return;
    cut = how;
    whenEnded?.(how);
  };
  const idle = setTimeout(() => {
    // The client is the slow one, and nothing is read from the backend meanwhile.
    if (incoming.isPaused()) idle.refresh();
    else incoming.destroy(new BackendError("timeout", `The answer paused for ${idleTimeoutMs} ms.`));
  }, idleTimeoutMs);
  return {
    isComing: true,
    takeWhole: () => null,
    settle: () => undefined,
    pipe(sink) {
      incoming.on("data", (chunk: Buffer) => {
        idle.refresh();
        if (!sink.write(chunk)) incoming.pause();
      });
      incoming.on("end", () => {
        end(null);
        sink.end();
      });
      incoming.on("error", (error) => {
        end(caller.gone ? "caller" : "backend");
        sink.fail(error);
      });
    },
    resume() {
      idle.refresh();
      incoming.resume();
    },
    destroy() {
      end("caller");
      incoming.destroy();
    },
    whenEnded(listener) {
      whenEnded = listener;
      if (cut !== undefined) listener(cut);
    },
  };
}

/** RFC 6455, section 4.1: the only protocol that was asked for, and with which requests of no other kind follow. */
const speaksWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.trim().toLowerCase() === "websocket";

const otherProtocol = ({ headers }: IncomingMessage) =>
  new BackendError(
    "invalid",
    `The backend switched to ${headers.upgrade ?? "a protocol that it did not name"} and was asked for WebSocket.`,
  );

/** Who waits for it: one of these is called, once. */
export interface UpgradeListener extends BackendListener {
  onUpgrade(upgrade: BackendUpgrade): void;
}

/**
 * Asks a backend to speak WebSocket (RFC 6455, section 4.1), on a connection of its own. The listener gets the connection, the
 * answer by which the backend refuses, or the reason why there is neither.
 */
export function callUpgrade(origin: string, options: UpgradeRequest, listener: UpgradeListener): void {
  const { protocol, hostname, port, host } = new URL(origin);
  const { caller, load, timeoutMs, totalTimeoutMs } = options;
  let request: ClientRequest | null = null;
  let answered = false;
  let speaking = false;
  let ended = false;
  let tunnel: Duplex | null = null;
  let client: string | null = null;
  const held: Held = {
    get client() {
      client ??= options.client();
      return client;
    },
    isIdle: false,
    displace() {
      if (ended && !speaking) return false;
      if (tunnel !== null) tunnel.destroy();
      else giveUp(new BackendError("overloaded", "The client has more than half of the endpoint's places, and others wait."));
      load.leave(held);
      return true;
    },
  };
  load.enter(held);
  const end = () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    clearTimeout(totalTimer);
    if (!speaking) load.leave(held);
  };
  const fail = (error: Error) => {
    // Without a request nothing else ends the call; what connects meanwhile is closed when it stands.
    if (request === null) end();
    if (answered) return;
    answered = true;
    listener.onFailure(toBackendError(error));
  };
  const giveUp = (error: BackendError) => {
    if (request === null) fail(error);
    else request.destroy(error);
  };
  const late = (milliseconds: number) => giveUp(new BackendError("timeout", `No answer within ${milliseconds} ms.`));
  const timer = setTimeout(() => late(timeoutMs), timeoutMs);
  const totalTimer = totalTimeoutMs === null ? undefined : setTimeout(() => late(totalTimeoutMs), totalTimeoutMs);
  caller.whenGone(() => giveUp(new BackendError("aborted", "The client disconnected.")));

  const ask = (socket: Socket) => {
    request = httpRequest({
      path: options.path,
      method: "GET",
      headers: [...options.headers, "host", host, "connection", "Upgrade", "upgrade", "websocket"],
      maxHeaderSize: BACKEND_HEADER_BYTES_MAX,
      // It speaks TLS already where the origin says so.
      createConnection: () => socket,
    });
    request.once("close", end);
    request.once("upgrade", (incoming, upgraded, head) => {
      if (!speaksWebSocket(incoming)) {
        upgraded.destroy();
        fail(otherProtocol(incoming));
        return;
      }
      answered = true;
      speaking = true;
      tunnel = upgraded;
      upgraded.once("close", () => load.leave(held));
      caller.whenGone(() => upgraded.destroy());
      listener.onUpgrade({ status: 101, rawHeaders: incoming.rawHeaders, socket: upgraded, head });
    });
    request.once("response", (incoming) => {
      // One without `Upgrade`: a proxy before the gateway would let through whatever follows.
      if (incoming.statusCode === 101) {
        incoming.destroy();
        fail(otherProtocol(incoming));
        return;
      }
      answered = true;
      clearTimeout(timer);
      listener.onResponse({ status: incoming.statusCode ?? 502, rawHeaders: incoming.rawHeaders, body: refusalBody(incoming, options) });
    });
    request.on("error", fail);
    request.end();
  };

  options.connector({ protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, host }, (error, socket) => {
    if (ended) socket?.destroy();
    else if (error) fail(error);
    else ask(socket);
  });
}
