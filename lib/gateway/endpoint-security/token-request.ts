import type { Dispatcher } from "undici";
import { EndpointSecurityFailure, type EndpointSecurityFailureKind } from "./failure";
import { type IssuedToken, jsonObject, readTokenAnswer } from "./token-answer";
import { redact, type TokenForm } from "./token-form";
import { toTransportFailure } from "./transport-failure";

/** More than this no authorization server has to say about a token. */
export const MAX_ANSWER_BYTES = 65_536;
/** Who asks for more patience than this gets another call after it. */
export const MAX_RETRY_AFTER_SECONDS = 300;

/** One request for a token. */
export interface TokenRequest {
  form: TokenForm;
  /** Null for the configured grant. */
  refreshToken: string | null;
  timeoutMs: number;
  /** Milliseconds since the epoch; reads a `Retry-After` that is a date. */
  now: () => number;
  signal?: AbortSignal | undefined;
}

async function readAnswer(body: Dispatcher.ResponseData["body"]): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the stream: the rest is never read.
    if (size > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Whole seconds of a `Retry-After` (RFC 9110, section 10.2.3), between 1 and {@link MAX_RETRY_AFTER_SECONDS}. */
function retryAfterSeconds(header: string | string[] | undefined, now: number): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!value) return undefined;
  const seconds = /^\d{1,10}$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(1, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS);
}

/** What the server says about its refusal (RFC 6749, section 5.2), without anything that it was sent. */
function statedReason(body: string | null, confidential: readonly string[]): { code: string; text: string } {
  const answer = body === null ? null : jsonObject(body);
  // Secrets are taken out first: shortened or rid of what cannot be printed, they would not be recognized.
  const read = (value: unknown, maxLength: number) =>
    typeof value === "string"
      ? redact(value, confidential)
          .slice(0, maxLength)
          .replace(/[^\x20-\x7e]/g, "?")
      : "";
  const code = read(answer?.error, 100);
  const description = read(answer?.error_description, 300);
  return { code, text: [code, description].filter((part) => part !== "").join(": ") };
}

/** What a status outside 2xx means for the calls that wait for the token. */
function failureOfStatus(status: number, reason: { code: string; text: string }, label: string, retryAfter: number | undefined) {
  const said = `The token endpoint ${label} answered with the status ${status}${reason.text === "" ? "" : ` (${reason.text})`}`;
  const failure = (kind: EndpointSecurityFailureKind, message: string, seconds?: number) =>
    new EndpointSecurityFailure(kind, message, seconds, status);
  if (status === 429) return failure("rateLimited", `${said}: it gets too many requests.`, retryAfter ?? 1);
  if (status >= 500 || status === 408 || status === 425) return failure("serverError", `${said}.`, retryAfter);
  if (status >= 300 && status < 400)
    return failure("notAToken", `${said}: redirects are not followed, because the credentials are meant for one address.`);
  const isRefusal = status === 400 || status === 401 || status === 403 || reason.code !== "";
  return isRefusal
    ? failure("refused", `${said}: it does not accept the credentials or what they ask for.`)
    : failure("notAToken", `${said}: is this the address of its token endpoint?`);
}

/**
 * Asks for a token, once: no redirects, no repetition, at most {@link MAX_ANSWER_BYTES} of an answer, and all of it within the
 * timeout. Nothing that it says in a failure quotes a secret or a token.
 * @throws EndpointSecurityFailure
 */
export async function requestToken(dispatcher: Dispatcher, request: TokenRequest): Promise<IssuedToken> {
  const { form, refreshToken, timeoutMs, signal } = request;
  const { label } = form;
  const controller = new AbortController();
  const abort = (failure: EndpointSecurityFailure) => () => controller.abort(failure);
  const timer = setTimeout(
    abort(new EndpointSecurityFailure("timeout", `The token endpoint ${label} did not answer within ${timeoutMs} ms.`)),
    timeoutMs,
  );
  const leave = abort(new EndpointSecurityFailure("released", "Nobody needs this token any more."));
  if (signal?.aborted) leave();
  signal?.addEventListener("abort", leave, { once: true });
  try {
    const body = refreshToken === null ? form.grantBody : form.refreshBody(refreshToken);
    const response = await dispatcher.request({
      method: "POST",
      path: form.path,
      headers: [...form.headers],
      body,
      headersTimeout: 0,
      bodyTimeout: 0,
      signal: controller.signal,
    });
    const text = await readAnswer(response.body);
    const { statusCode: status, headers } = response;
    if (status < 200 || status > 299) {
      const confidential = refreshToken === null ? form.confidential : [...form.confidential, refreshToken];
      throw failureOfStatus(status, statedReason(text, confidential), label, retryAfterSeconds(headers["retry-after"], request.now()));
    }
    if (text === null)
      throw new EndpointSecurityFailure(
        "notAToken",
        `The token endpoint ${label} answered with more than ${MAX_ANSWER_BYTES} bytes.`,
        undefined,
        status,
      );
    return readTokenAnswer(text, label, status);
  } catch (error) {
    throw controller.signal.aborted ? toTransportFailure(controller.signal.reason, label) : toTransportFailure(error, label);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}
