import type { ApplicationFacts } from "./clients";

/** The client of a request, as far as it's known. */
export interface AuditedClient {
  serverId: string;
  /** The unverified client ID; null when it's unreadable. */
  clientId: string | null;
  /** The server's application with this client ID; null when there is none. */
  application: Pick<ApplicationFacts, "id" | "name"> | null;
}

/** An error response (RFC 6749, 5.2). */
export interface Denial {
  status: number;
  error: string;
  description: string;
  /** Logged, never returned to the client. */
  reason?: string | undefined;
}
