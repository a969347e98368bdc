import { errors } from "undici";
import { CallerTooSlowError } from "../http/request-body";
import { OUTBOUND_REFUSED } from "./outbound";

/** Why a backend gave no answer, in one word. */
export type BackendFailure =
  | "timeout"
  | "unreachable"
  | "invalid"
  | "headersTooLarge"
  | "aborted"
  | "overloaded"
  | "callerTooSlow"
  | "tooManyUploads"
  | "notAllowed";

/** Why a backend gave no answer. The message may name hosts: it is for the log. */
export class BackendError extends Error {
  override name = "BackendError";
  constructor(
    readonly kind: BackendFailure,
    message: string,
  ) {
    super(message);
  }
}

const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);
const INVALID_CODES = /^(?:HPE_|UND_ERR_RES)/;
const OVERFLOW_CODES = new Set(["UND_ERR_HEADERS_OVERFLOW", "HPE_HEADER_OVERFLOW"]);
const LOST_CODES = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

const codeOf = (error: Error) => ("code" in error && typeof error.code === "string" ? error.code : "");

/** Whether a kept-alive connection may have been closed in the very moment in which it was used. */
export function isLostConnection(error: Error): boolean {
  return LOST_CODES.has(codeOf(error));
}

/** What a failure of the connection means. */
export function toBackendError(error: Error): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof CallerTooSlowError) return new BackendError("callerTooSlow", error.message);
  const code = codeOf(error);
  if (code === OUTBOUND_REFUSED) return new BackendError("notAllowed", error.message);
  const message = code === "" ? error.message : `${code}: ${error.message}`;
  if (TIMEOUT_CODES.has(code)) return new BackendError("timeout", message);
  if (OVERFLOW_CODES.has(code)) return new BackendError("headersTooLarge", message);
  if (error instanceof errors.HTTPParserError || INVALID_CODES.test(code)) return new BackendError("invalid", message);
  return new BackendError("unreachable", message);
}
