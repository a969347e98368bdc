import { createHash, timingSafeEqual } from "node:crypto";

/** Why `/metrics` is not shown, as the answer that says so. */
export interface MetricsRefusal {
  status: 401;
  headers: { "www-authenticate": string };
  body: { message: string; http_status_code: 401; error: "METRICS_TOKEN_REQUIRED" };
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Makes the check of who may read `/metrics`: whoever sends one of these tokens as a bearer token (RFC 6750, section 2.1).
 * Tokens that are not set count for nothing; without any, nobody may. The answer is null for those who may.
 */
export function metricsAccess(
  tokens: readonly (string | undefined)[],
): (authorization: string | null | undefined) => MetricsRefusal | null {
  const digests = tokens.flatMap((token) => (token === undefined ? [] : digest(token)));
  return (authorization) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
    const sent = given === undefined ? null : digest(given);
    // All are compared, so that the time says nothing of which one came close.
    if (sent && digests.filter((known) => timingSafeEqual(known, sent)).length > 0) return null;
    return {
      status: 401,
      headers: { "www-authenticate": `Bearer realm="metrics"${sent ? ', error="invalid_token"' : ""}` },
      body: {
        message:
          digests.length > 0
            ? "Send GATEWRIGHT_METRICS_TOKEN, or a management token, as a bearer token"
            : "Metrics are closed until GATEWRIGHT_METRICS_TOKEN is set; send it as a bearer token then",
        http_status_code: 401,
        error: "METRICS_TOKEN_REQUIRED",
      },
    };
  };
}
