import { consoleMetrics } from "@/lib/platform/console-metrics";
import { logger } from "@/lib/platform/log";
import type { AuditFacts } from "./audit-facts";
import type { ApplicationFacts } from "./clients";
import { recordDenial } from "./denials";
import type { EndpointName } from "./endpoints";

/** Who asks a server for something, as far as that is known. */
export interface AuditedClient {
  serverId: string;
  /** Who the client says that it is; null when that can't be read. */
  clientId: string | null;
  /** The application of this server that has the client ID; null when there is none. */
  application: Pick<ApplicationFacts, "id" | "name"> | null;
}

/** Why a client gets an error, in the words of RFC 6749, section 5.2. */
export interface Denial {
  status: number;
  error: string;
  description: string;
  /** What the client isn't told. */
  reason?: string | undefined;
}

/** What looks like a secret or a token that was sent in the wrong place, and what is too long to be a client ID. */
const CONFIDENTIAL = /^[A-Za-z0-9_.~+/=-]{40,}$/;
const SHOWN_LENGTH_MAX = 128;

function shownClientId({ clientId, application }: AuditedClient): string | null {
  if (clientId === null || application !== null) return clientId;
  return CONFIDENTIAL.test(clientId) ? "(not shown: it looks like a secret)" : clientId.slice(0, SHOWN_LENGTH_MAX);
}

const DONE: Readonly<Record<EndpointName, string>> = {
  token: "token issued",
  introspection: "token introspected",
  revocation: "token revoked",
  jwks: "keys read",
};
const DENIED: Readonly<Record<EndpointName, string>> = {
  token: "token denied",
  introspection: "introspection denied",
  revocation: "revocation denied",
  jwks: "keys denied",
};

/** Logs an answer that went well, and counts a token. */
export function noteDone(endpoint: EndpointName, by: AuditedClient, { reason: _none, ...facts }: AuditFacts): void {
  if (endpoint === "token") consoleMetrics().countIssuedToken(by.serverId);
  logger().info({ server: by.serverId, clientId: shownClientId(by), ...facts }, DONE[endpoint]);
}

/**
 * Logs an error that a client got and counts a token that it did not get; the activity list gets an entry, of which repetitions
 * add none. A nonce that is asked for is part of the protocol (RFC 9449, section 8), and no denial.
 */
export function noteDenied(endpoint: EndpointName, by: AuditedClient, denial: Denial): void {
  const { status, error, description, reason = description } = denial;
  const line = { server: by.serverId, clientId: shownClientId(by), error, reason };
  if (error === "use_dpop_nonce") {
    logger().info(line, "DPoP nonce requested");
    return;
  }
  if (endpoint === "token") consoleMetrics().countDeniedToken(by.serverId, error);
  logger().warn(line, DENIED[endpoint]);
  if (status < 500) recordDenial(endpoint, by, denial);
}
