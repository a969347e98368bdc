import type { Duplex, Readable } from "node:stream";
import type { AnswerBody } from "./http/answer-body";
import type { Caller } from "./http/caller";
import type { HeaderList } from "./http/headers";
import type { TokenCheck, TokenChecker } from "./resources/contract";
import type { Identity } from "./resources/identity";

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
  /** The version of HTTP asks for a `Host` header (RFC 9112, section 3.2). */
  needsHost?: boolean;
  /** Why the end of the request is in doubt: it's rejected, and its connection closed. */
  framingProblem?: string | null;
  /** Told when the caller goes away. */
  caller: Caller;
  /** The connection can be given another protocol, as `Upgrade` asks. Where it cannot, `Upgrade` is not passed on. */
  canUpgrade?: boolean;
  /** Filled by the core, step by step, when it is given. */
  trace?: TraceEntry[];
  /** Called once when the core knows what it matched, for `try`. */
  onMatched?: (match: { apiId: string; deploymentNumber: number; flow: string | null }) => void;
}

/** What the core answers: a status, header names and values in turn, and a body. */
export interface GatewayAnswer {
  status: number;
  rawHeaders: string[];
  body: AnswerBody | Buffer | null;
  /** With the status 101: the backend's end of a connection that speaks another protocol from now on. */
  tunnel?: { socket: Duplex; head: Buffer } | undefined;
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

/** A token by which a call was let in. It holds for the call as long as the token does. */
export interface Permit {
  readonly checker: TokenChecker;
  readonly token: string;
  /** Milliseconds since the epoch, or null when the token does not say. */
  readonly expiresAtMs: number | null;
}

/** One call as the steps see it and change it. */
export interface Exchange {
  readonly requestId: string;
  readonly method: string;
  /** The canonical path below the context path. */
  readonly path: string;
  /** The `Authorization` header that the caller sent, whatever steps have done to the headers since. */
  readonly authorization: string | null;
  /** The headers that the caller sent, exactly as they stood on the wire: names and values in turn. */
  readonly callerHeaders: readonly string[];
  /** The canonical path that the caller asked this gateway for, with the context path. */
  readonly targetPath: string;
  /** As it stands in the target, with its question mark; "" without one. */
  readonly query: string;
  /** The address of the other end of the connection: a proxy's, where one stands before the gateway. */
  readonly peerAddress: string;
  /** The client's own address: behind trusted proxies, the one that they name. Worked out each time it is read. */
  readonly clientAddress: string;
  /** All scopes that the steps of this call require, for challenges. */
  requiredScopes(): readonly string[];
  /** The checks of this call's token that had to be waited for: no step asks about it again. */
  tokenChecks: { readonly checker: TokenChecker; readonly check: Promise<TokenCheck> }[] | null;
  /** The headers that the backend will get. */
  readonly requestHeaders: HeaderList;
  /** Set by the step that checked the token. */
  identity: Identity | null;
  /** The tokens that let the call in, one for each step that checked it; absent when none did. */
  permits?: Permit[];
  /** The token's claims, for later steps, when a step was configured to expose them. */
  payload: Readonly<Record<string, unknown>> | null;
  /** Says for the trace what a step did; absent when nobody is listening, so that no text is built for nothing. */
  readonly explain: ((text: string) => void) | undefined;
}

/** The backend's answer as response steps see it and change it. */
export interface BackendAnswer {
  status: number;
  readonly headers: HeaderList;
}
