import type { buildConnector } from "undici";

/** What sets the connections of one client apart. Certificates are verified in any case. */
export interface ConnectorOptions {
  /** Milliseconds until a connection has to stand. */
  timeout: number;
  /** Certificates (PEM) that are trusted instead of the public authorities'. */
  ca?: string;
  /** With what the gateway identifies itself, in PEM: a certificate, with those that lead to its authority, and its key. */
  cert?: string;
  key?: string;
}

/** The code of the error of a connection that was not tried, because its address is none that a gateway calls. */
export const OUTBOUND_REFUSED = "OUTBOUND_REFUSED";

/** How a gateway reaches others: what opens its connections decides where it may call, and by which way. */
export interface Outbound {
  /**
   * Opens connections as undici's clients ask for them. It looks names up itself, and connects to nothing else than what it
   * has checked; where it does not connect, the error's `code` is {@link OUTBOUND_REFUSED} and its message is for the log.
   */
  connector(options: ConnectorOptions): buildConnector.connector;
}
