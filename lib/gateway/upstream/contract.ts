import type { GatewayRequest, TraceEntry } from "../exchange";
import type { AddressMap } from "../http/address-map";
import type { CallerHeaders } from "../http/caller-headers";
import type { HeaderList } from "../http/headers";
import type { UpgradeListener } from "./backend-upgrade";

/** One call as an endpoint needs it. */
export interface UpstreamCall {
  request: GatewayRequest;
  caller: CallerHeaders;
  requestId: string;
  requestHeaders: HeaderList;
  /** What remained of the path below the context path. */
  rest: string;
  /** Filled when the backend is called: what clients see before the rest of the path, and the host that the backend was told. */
  prefix: string;
  forwardedHost: string;
  query: string;
  /** The caller wants to speak WebSocket from here on. */
  upgrade: boolean;
  /** When the backend was called, by `performance.now()`; 0 before. Waiting for credentials after it moves it on. */
  sentAt: number;
  /** For how long credentials of the endpoint were waited for; null when they were there. */
  credentialsMs: number | null;
  /** Filled when it is given. */
  readonly trace: TraceEntry[] | undefined;
}

/** A compiled endpoint. */
export interface Upstream {
  /** For the addresses in its responses. */
  readonly addresses: AddressMap;
  /** Exactly one of the listener's functions is called, once. */
  send(call: UpstreamCall, listener: CallListener): void;
  release(): void;
}

/** Who waits for a call to an endpoint: one of these is called, once. */
export interface CallListener extends UpgradeListener {
  /** Gets a BackendError or an EndpointSecurityFailure; anything else is a fault of ours. */
  onFailure(error: Error): void;
}
