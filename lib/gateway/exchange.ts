import type { Readable } from "node:stream";

/**
 * One call as the core sees it, whatever carried it. Adapters make it; the core never sees
 * a WHATWG `Request` or `Response`, because those cost two thirds of the throughput.
 */
export interface GatewayRequest {
  method: string;
  /** The request target below the gateway's mount point, exactly as it stood on the wire: `/orders/1?x=1`. */
  target: string;
  /** Header names and values in turn, exactly as they stood on the wire, duplicates included. */
  rawHeaders: readonly string[];
  /** The body as it arrives, or null when the request has none. */
  body: Readable | null;
  /** The address of the other end of the connection. */
  peerAddress: string;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  /** Filled by the core, step by step, when it is given. */
  trace?: TraceEntry[];
  /** Called once when the core knows what it matched, for `try`. */
  onMatched?: (match: { apiId: string; deploymentNumber: number; flow: string | null }) => void;
}

/** What the core answers: a status, header names and values in turn, and a body. */
export interface GatewayAnswer {
  status: number;
  rawHeaders: string[];
  body: Readable | Buffer | null;
}

/** What one step did to one call. */
export interface TraceEntry {
  phase: "request" | "response";
  policy: string;
  name: string;
  outcome: "ran" | "skipped" | "answered" | "failed";
  reason: string;
  durationMs: number;
}
