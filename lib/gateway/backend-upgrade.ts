import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { BackendError, type BackendResponse, type Cut, toBackendError } from "./backend-call";
import type { Caller } from "./caller";

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
  /** The value of `Upgrade`. */
  protocol: string;
  /** Milliseconds until the answer has to begin. */
  timeoutMs: number;
  caller: Caller;
  /** Counts the calls that have not ended. */
  load: { calls: number };
}

/** The body of an answer that refuses the other protocol. */
function refusalBody(incoming: IncomingMessage): BackendResponse["body"] {
  let whenEnded: ((cut: Cut) => void) | null = null;
  return {
    takeWhole: () => null,
    pipe(sink) {
      incoming.on("data", (chunk: Buffer) => {
        if (!sink.write(chunk)) incoming.pause();
      });
      incoming.on("end", () => {
        whenEnded?.(null);
        sink.end();
      });
      incoming.on("error", (error) => {
        whenEnded?.("backend");
        sink.fail(error);
      });
    },
    resume: () => incoming.resume(),
    destroy: () => incoming.destroy(),
    whenEnded(listener) {
      whenEnded = listener;
    },
  };
}

/**
 * Asks a backend to speak another protocol (RFC 9110, section 7.8), on a connection of its own. Certificates are verified.
 * Resolves with the connection, or with the answer by which the backend refuses.
 * @throws BackendError when there is neither
 */
export function callUpgrade(origin: string, options: UpgradeRequest): Promise<BackendUpgrade | BackendResponse> {
  const { protocol, hostname, port, host } = new URL(origin);
  const send = protocol === "https:" ? httpsRequest : httpRequest;
  const { caller, load, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const request = send({
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port,
      path: options.path,
      method: "GET",
      headers: [...options.headers, "host", host, "connection", "Upgrade", "upgrade", options.protocol],
      agent: false,
    });
    const timer = setTimeout(() => request.destroy(new BackendError("timeout", `No answer within ${timeoutMs} ms.`)), timeoutMs);
    load.calls += 1;
    let speaking = false;
    request.once("close", () => {
      clearTimeout(timer);
      if (!speaking) load.calls -= 1;
    });
    caller.whenGone(() => request.destroy(new BackendError("aborted", "The caller went away.")));
    request.once("upgrade", (incoming, socket, head) => {
      speaking = true;
      socket.once("close", () => {
        load.calls -= 1;
      });
      caller.whenGone(() => socket.destroy());
      resolve({ status: 101, rawHeaders: incoming.rawHeaders, socket, head });
    });
    request.once("response", (incoming) => {
      clearTimeout(timer);
      resolve({ status: incoming.statusCode ?? 502, rawHeaders: incoming.rawHeaders, body: refusalBody(incoming) });
    });
    request.on("error", (error) => reject(toBackendError(error)));
    request.end();
  });
}
