import type { Duplex, Readable } from "node:stream";
import type { AnswerBody } from "./http/answer-body";
import type { Caller } from "./http/caller";
import type { HeaderList } from "./http/headers";
import type { TokenCheck, TokenChecker } from "./resources/contract";
import type { Identity } from "./resources/identity";

/**
 * A request as adapters pass it to the core. The core avoids WHATWG `Request` and `Response`, which cost two thirds of the
 * throughput.
 */
export interface GatewayRequest {
  method: string;
  /** Request target below the mount point, not normalized: `/orders/1?x=1`. */
  target: string;
  /** Alternating header names and values as received, including duplicates. */
  rawHeaders: readonly string[];
  /** Streamed body; null if the request has none. */
  body: Readable | null;
  /** Remote address of the connection. */
  peerAddress: string;
  /** The HTTP version requires a `Host` header (RFC 9112, 3.2). */
  needsHost?: boolean;
  /** Why the framing is ambiguous: the request is rejected and its connection closed. */
  framingProblem?: string | null;
  /** Notified when the client disconnects. */
  caller: Caller;
  /** Whether the connection can be upgraded. If not, `Upgrade` isn't forwarded. */
  canUpgrade?: boolean;
  /** If present, the core appends a record per step. */
  trace?: TraceEntry[];
  /** Called once after matching, for Try it. */
  onMatched?: (match: { apiId: string; deploymentNumber: number; flow: string | null }) => void;
}

/** The response: status, alternating header names and values, and body. */
export interface GatewayAnswer {
  status: number;
  rawHeaders: string[];
  body: AnswerBody | Buffer | null;
  /** With status 101: the backend's side of the upgraded connection. */
  tunnel?: { socket: Duplex; head: Buffer } | undefined;
}

/** Trace record of a step. */
export interface TraceEntry {
  phase: "request" | "response";
  policy: string;
  name: string;
  outcome: "ran" | "skipped" | "answered" | "failed";
  reason: string;
  durationMs: number;
}

/** A token that authorized a request. An open request ends when its token becomes invalid. */
export interface Permit {
  readonly checker: TokenChecker;
  readonly token: string;
  /** Milliseconds since the epoch; null if unknown. */
  readonly expiresAtMs: number | null;
}

/** A request as steps read and change it. */
export interface Exchange {
  readonly requestId: string;
  readonly method: string;
  /** Canonical path below the context path. */
  readonly path: string;
  /** `Authorization` header as the client sent it, unaffected by steps. */
  readonly authorization: string | null;
  /** Client's headers as received: alternating names and values. */
  readonly callerHeaders: readonly string[];
  /** Canonical path including the context path. */
  readonly targetPath: string;
  /** Query as received, with its question mark; "" without one. */
  readonly query: string;
  /** Remote address of the connection: the proxy's behind a proxy. */
  readonly peerAddress: string;
  /** Client's address: behind trusted proxies, the forwarded one. Computed on each read. */
  readonly clientAddress: string;
  /** Returns the scopes that all steps of this request require, for challenges. */
  requiredScopes(): readonly string[];
  /** Asynchronous token checks of this request, shared by its steps. */
  tokenChecks: { readonly checker: TokenChecker; readonly check: Promise<TokenCheck> }[] | null;
  /** Headers for the backend. */
  readonly requestHeaders: HeaderList;
  /** Set by the step that validated the token. */
  identity: Identity | null;
  /** Tokens that authorized the request, one per step; absent if none did. */
  permits?: Permit[];
  /** Token claims for later steps, if a step exposes them. */
  payload: Readonly<Record<string, unknown>> | null;
  /** Adds a step's explanation to the trace; absent without a trace, to avoid building unused texts. */
  readonly explain: ((text: string) => void) | undefined;
}

/** The backend's response as response steps read and change it. */
export interface BackendAnswer {
  status: number;
  readonly headers: HeaderList;
}
