import { createHash, timingSafeEqual } from "node:crypto";

/** The error response of `/metrics`. */
export interface MetricsRefusal {
  status: 401;
  headers: { "www-authenticate": string };
  body: { message: string; http_status_code: 401; error: "METRICS_TOKEN_REQUIRED" };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Creates the access check of `/metrics`: it requires one of these bearer tokens (RFC 6750, 2.1) and denies all without any. It
 * returns null when access is granted.
 */
export function metricsAccess(
  tokens: readonly (string | undefined)[],
): (authorization: string | null | undefined) => MetricsRefusal | null {
  const digests = tokens.flatMap((token) => (token === undefined ? [] : digest(token)));
  return (authorization) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    const sent = given === undefined ? null : digest(given);
    // Compares all, so the time doesn't reveal which one matched.
    if (sent && digests.filter((known) => timingSafeEqual(known, sent)).length > 0) return null;
    return {
      status: 401,
      headers: { "www-authenticate": `Bearer realm="metrics"${sent ? ', error="invalid_token"' : ""}` },
      body: {
        message:
          digests.length > 0
            ? "Send GATEWRIGHT_METRICS_TOKEN, or a management token, as a bearer token"
            : "Metrics require GATEWRIGHT_METRICS_TOKEN. Set it, then send it as a bearer token",
        http_status_code: 401,
        error: "METRICS_TOKEN_REQUIRED",
      },
    };
  };
}
