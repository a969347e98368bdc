import { consoleMetrics } from "@/lib/platform/console-metrics";
import { logger } from "@/lib/platform/log";
import type { AuditFacts } from "./audit-facts";
import type { AuditedClient, Denial } from "./audited-client";
import { recordDenial } from "./denials";
import type { EndpointName } from "./endpoints";

/** Matches a value that may be a secret or token in the wrong parameter. */
const CONFIDENTIAL = /^[A-Za-z0-9_.~+/=-]{40,}$/;
const SHOWN_LENGTH_MAX = 128;

function shownClientId({ clientId, application }: AuditedClient): string | null {
  if (clientId === null || application !== null) return clientId;
  return CONFIDENTIAL.test(clientId) ? "(redacted: may be a secret)" : clientId.slice(0, SHOWN_LENGTH_MAX);
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

/** Logs a success, and counts an issued token. */
export function logSuccess(endpoint: EndpointName, by: AuditedClient, { reason: _none, ...facts }: AuditFacts): void {
  if (endpoint === "token") consoleMetrics().countIssuedToken(by.serverId);
  logger().info({ server: by.serverId, clientId: shownClientId(by), ...facts }, DONE[endpoint]);
}

/**
 * Logs an error response, counts a denied token and adds one activity entry per kind. A required DPoP nonce is a normal step of
 * the protocol (RFC 9449, 8), not a denial.
 */
export function logError(endpoint: EndpointName, by: AuditedClient, denial: Denial): void {
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
