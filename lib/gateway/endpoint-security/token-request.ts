import type { Dispatcher } from "undici";
import { UnreadableBody } from "@/lib/http-client/content-coding";
import { jsonObject } from "@/lib/http-client/json";
import { sendRequest } from "@/lib/http-client/send-request";
import { EndpointSecurityFailure, type EndpointSecurityFailureKind } from "./failure";
import { redact } from "./redact";
import { type StatedError, statedError } from "./stated-error";
import { type IssuedToken, readTokenAnswer } from "./token-answer";
import type { TokenForm } from "./token-form";
import { toTransportFailure } from "./transport-failure";

/** Larger token responses are rejected. */
export const MAX_ANSWER_BYTES = 65_536;
/** Longer `Retry-After` values are reduced to this. */
export const MAX_RETRY_AFTER_SECONDS = 300;

/** A token request. */
export interface TokenRequest {
  form: TokenForm;
  /** Null for the configured grant. */
  refreshToken: string | null;
  timeoutMs: number;
  /** Milliseconds since the epoch; needed for a `Retry-After` date. */
  now: () => number;
  signal?: AbortSignal | undefined;
}

/** Parses a `Retry-After` (RFC 9110, 10.2.3) as whole seconds, 1 to {@link MAX_RETRY_AFTER_SECONDS}. */
function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!value) return undefined;
  const seconds = /^\d{1,10}$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(1, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS);
}

/** Error text of the server, redacted. */
interface Reason {
  /** Empty if absent. */
  code: string;
  text: string;
}

function reasonOf(stated: StatedError | null, confidential: readonly string[]): Reason {
  // Redact before truncating: a truncated secret would not be recognized.
  const safe = (value: string, maxLength: number) =>
    redact(value, confidential)
      .slice(0, maxLength)
      .replace(/[^\x20-\x7e]/g, "?");
  const code = safe(stated?.code ?? "", 100);
  const description = safe(stated?.description ?? "", 300);
  return { code, text: [code, description].filter((part) => part !== "").join(": ") };
}

/** Error codes of server failures or load, not of the credentials. */
const BUSY_CODES: ReadonlySet<string> = new Set(["slow_down", "rate_limited", "ratelimited", "rate_limit_exceeded", "too_many_requests"]);
const BROKEN_CODES: ReadonlySet<string> = new Set(["server_error", "temporarily_unavailable"]);

/** Classifies an error returned with a success status. */
function failureOfStatement(status: number, reason: Reason, label: string, retryAfter: number | undefined) {
  const said = `The token endpoint ${label} returned status ${status} and an error${reason.text === "" ? "" : ` (${reason.text})`}`;
  const code = reason.code.toLowerCase();
  if (BUSY_CODES.has(code)) return new EndpointSecurityFailure("rateLimited", `${said}: too many requests.`, retryAfter ?? 1, status);
  if (BROKEN_CODES.has(code)) return new EndpointSecurityFailure("serverError", `${said}.`, retryAfter, status);
  return new EndpointSecurityFailure("refused", `${said}: it rejected the credentials or the requested scope.`, undefined, status);
}

/** Classifies a status outside 2xx. */
function failureOfStatus(status: number, reason: Reason, label: string, retryAfter: number | undefined) {
  const said = `The token endpoint ${label} returned status ${status}${reason.text === "" ? "" : ` (${reason.text})`}`;
  const failure = (kind: EndpointSecurityFailureKind, message: string, seconds?: number) =>
    new EndpointSecurityFailure(kind, message, seconds, status);
  if (status === 429) return failure("rateLimited", `${said}: too many requests.`, retryAfter ?? 1);
  if (status >= 500 || status === 408 || status === 425) return failure("serverError", `${said}.`, retryAfter);
  if (status >= 300 && status < 400) return failure("notAToken", `${said}: redirects aren't followed with credentials. Set the final URL.`);
  const isRefusal = status === 400 || status === 401 || status === 403 || reason.code !== "";
  return isRefusal
    ? failure("refused", `${said}: it rejected the credentials or the requested scope.`)
    : failure("notAToken", `${said}: check the token URL.`);
}

/** A response with a token isn't an error, even if it has an error member. */
const hasToken = (text: string) => Boolean(jsonObject(text)?.access_token);

/**
 * Requests a token once, within the timeout: no redirects, no retries, at most {@link MAX_ANSWER_BYTES} of response. Failure
 * messages contain no secret or token.
 * @throws EndpointSecurityFailure
 */
export async function requestToken(dispatcher: Dispatcher, request: TokenRequest): Promise<IssuedToken> {
  const { form, refreshToken, timeoutMs, signal } = request;
  const { label } = form;
  const notAToken = (what: string, status?: number) =>
    new EndpointSecurityFailure("notAToken", `The token endpoint ${label} returned ${what}.`, undefined, status);
  const controller = new AbortController();
  const abort = (failure: EndpointSecurityFailure) => () => controller.abort(failure);
  const timer = setTimeout(
    abort(new EndpointSecurityFailure("timeout", `The token endpoint ${label} didn't respond within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  const leave = abort(new EndpointSecurityFailure("released", "The token is no longer needed."));
  if (signal?.aborted) leave();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    const body = refreshToken === null ? form.grantBody : form.refreshBody(refreshToken);
    const { status, headers, text } = await sendRequest(dispatcher, {
      method: "POST",
      path: form.path,
      headers: form.headers,
      body,
      signal: controller.signal,
      maxBytes: MAX_ANSWER_BYTES,
    });
    const confidential = refreshToken === null ? form.confidential : [...form.confidential, refreshToken];
    const stated = text === null ? null : statedError(text);
    const retryAfter = retryAfterSeconds(headers["retry-after"], request.now());
    if (status < 200 || status > 299) throw failureOfStatus(status, reasonOf(stated, confidential), label, retryAfter);
    if (text === null) throw notAToken(`more than ${MAX_ANSWER_BYTES} bytes`, status);
    if (stated !== null && !hasToken(text)) throw failureOfStatement(status, reasonOf(stated, confidential), label, retryAfter);
    return readTokenAnswer(text, label, status, confidential);
  } catch (error) {
    if (error instanceof UnreadableBody) throw notAToken(error.message);
    throw controller.signal.aborted ? toTransportFailure(controller.signal.reason, label) : toTransportFailure(error, label);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}
