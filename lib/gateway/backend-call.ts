import { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** Why a backend gave no answer. The message may name hosts: it is for the log. */
export class BackendError extends Error {
  override name = "BackendError";
  constructor(
    readonly kind: "timeout" | "unreachable" | "invalid" | "aborted",
    message: string,
    /** Nothing of an answer arrived and the connection broke: a safe request may be sent once more. */
    readonly connectionLost = false,
  ) {
    super(message);
  }
}

/** What a backend answered. The body flows; destroying it cancels the call. */
export interface BackendResponse {
  status: number;
  /** As on the wire. */
  rawHeaders: string[];
  body: Readable | null;
}

/** The backend's body: it pulls only while somebody reads, and leaving it early ends the backend's call. */
class BackendBody extends Readable {
  constructor(
    private readonly onWanted: () => void,
    private readonly onLeft: (error: Error) => void,
  ) {
    super();
  }
  override _read(): void {
    this.onWanted();
  }
  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.readableEnded) this.onLeft(error ?? new BackendError("aborted", "The caller went away."));
    callback(error);
  }
}

const TIMEOUT_CODES = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);
const INVALID_CODES = /^(?:HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES)/;
const LOST_CODES = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function toBackendError(error: Error): BackendError {
  if (error instanceof BackendError) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const message = code === "" ? error.message : `${code}: ${error.message}`;
  if (TIMEOUT_CODES.has(code)) return new BackendError("timeout", message);
  if (INVALID_CODES.test(code)) return new BackendError("invalid", message);
  return new BackendError("unreachable", message, LOST_CODES.has(code));
}

function latin1Headers(raw: readonly (Buffer | string)[]): string[] {
  const headers: string[] = [];
  for (const part of raw) headers.push(typeof part === "string" ? part : part.toString("latin1"));
  return headers;
}

/** What is sent to a backend. */
export interface BackendRequest {
  method: string;
  path: string;
  headers: string[];
  body: Readable | null;
  /** Milliseconds until the answer has to begin; each piece of the request's body that was sent begins them anew. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * One call to a backend. It implements the handler that undici 7's core speaks itself: its newer form is a layer
 * above, which parses every header into an object that the gateway would have to take apart again.
 */
class BackendCall implements Dispatcher.DispatchHandler {
  #abort: ((error: Error) => void) | null = null;
  #failure: BackendError | null = null;
  #body: BackendBody | null = null;
  #answered = false;
  #completed = false;
  readonly #timer: NodeJS.Timeout;
  readonly #onCallerGone = () => this.#fail(new BackendError("aborted", "The caller went away."));

  constructor(
    private readonly request: BackendRequest,
    private readonly resolve: (response: BackendResponse) => void,
    private readonly reject: (error: BackendError) => void,
  ) {
    this.#timer = setTimeout(() => this.#fail(new BackendError("timeout", `No answer within ${request.timeoutMs} ms.`)), request.timeoutMs);
    if (request.signal.aborted) this.#onCallerGone();
    else request.signal.addEventListener("abort", this.#onCallerGone, { once: true });
  }

  #fail(error: BackendError): void {
    if (this.#completed || this.#failure) return;
    this.#failure = error;
    this.#settle();
    // The call may still wait for a connection; then onConnect ends it.
    this.#abort?.(error);
    if (!this.#answered) this.reject(error);
    else this.#body?.destroy(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.request.signal.removeEventListener("abort", this.#onCallerGone);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#failure) abort(this.#failure);
    else this.#abort = abort;
  }

  onBodySent(): void {
    if (!this.#answered) this.#timer.refresh();
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    clearTimeout(this.#timer);
    this.#answered = true;
    const rawHeaders = latin1Headers(raw);
    const bodiless = this.request.method === "HEAD" || status === 204 || status === 205 || status === 304;
    if (!bodiless) {
      this.#body = new BackendBody(resume, (error) => {
        if (!this.#completed) this.#fail(toBackendError(error));
      });
    }
    this.resolve({ status, rawHeaders, body: this.#body });
    return true;
  }

  onData(chunk: Buffer): boolean {
    return this.#body ? this.#body.push(chunk) : true;
  }

  onComplete(): void {
    this.#completed = true;
    this.#settle();
    this.#body?.push(null);
  }

  onError(error: Error): void {
    this.#settle();
    if (this.#failure) return;
    this.#failure = toBackendError(error);
    this.#completed = true;
    if (!this.#answered) this.reject(this.#failure);
    else this.#body?.destroy(this.#failure);
  }
}

function dispatchOnce(dispatcher: Dispatcher, request: BackendRequest): Promise<BackendResponse> {
  return new Promise((resolve, reject) => {
    const call = new BackendCall(request, resolve, reject);
    dispatcher.dispatch(
      { method: request.method, path: request.path, headers: request.headers, body: request.body, headersTimeout: 0, bodyTimeout: 300_000 },
      call,
    );
  });
}

const isSafe = (request: BackendRequest) =>
  request.body === null && (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS");

/**
 * Sends a request to a backend and resolves when its answer begins. A safe request whose kept-alive connection
 * the backend closed in that moment is sent once more (RFC 9110, section 9.2.2).
 * @throws BackendError when no answer begins.
 */
export async function callBackend(dispatcher: Dispatcher, request: BackendRequest): Promise<BackendResponse> {
  try {
    return await dispatchOnce(dispatcher, request);
  } catch (error) {
    if (!(error instanceof BackendError) || !error.connectionLost || !isSafe(request)) throw error;
    return dispatchOnce(dispatcher, request);
  }
}
