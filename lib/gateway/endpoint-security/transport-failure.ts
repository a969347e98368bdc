import { errors } from "undici";
import { OUTBOUND_REFUSED } from "../upstream/outbound";
import { EndpointSecurityFailure } from "./failure";

const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);
/** Node's error codes for TLS handshakes and certificate verification. */
const TLS_CODES =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|EPROTO$|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;
const INVALID_CODES = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW$|UND_ERR_RES)/;

/** Whether an error is a failed TLS handshake or certificate verification. */
export const isTlsFailure = (code: string, message: string) => TLS_CODES.test(code) || /before secure TLS connection/.test(message);

/** Returns code and message of the innermost error; of several addresses, the first one's. */
function innermost(error: Error): { code: string; message: string } {
  const inner = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const code = "code" in inner && typeof inner.code === "string" ? inner.code : "";
  return { code, message: code === "" || inner.message.includes(code) ? inner.message : `${code}: ${inner.message}` };
}

/** Classifies a token request that got no response. */
export function toTransportFailure(error: unknown, label: string): EndpointSecurityFailure {
  if (error instanceof EndpointSecurityFailure) return error;
  const { code, message } = error instanceof Error ? innermost(error) : { code: "", message: String(error) };
  if (code === OUTBOUND_REFUSED)
    return new EndpointSecurityFailure("notAllowed", `The outbound rules block the token endpoint ${label}: ${message}`);
  if (TIMEOUT_CODES.has(code)) return new EndpointSecurityFailure("timeout", `The token endpoint ${label} timed out: ${message}`);
  if (isTlsFailure(code, message)) return new EndpointSecurityFailure("tls", `TLS with the token endpoint ${label} failed: ${message}`);
  if (error instanceof errors.HTTPParserError || INVALID_CODES.test(code))
    return new EndpointSecurityFailure("notAToken", `The token endpoint ${label} returned an invalid HTTP response: ${message}`);
  return new EndpointSecurityFailure("unreachable", `The token endpoint ${label} is unreachable: ${message}`);
}
