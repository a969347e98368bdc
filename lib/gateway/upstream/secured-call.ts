import { Readable } from "node:stream";
import type { AuthorizedCall, Credentials, EndpointAuthorizer } from "../endpoint-security/contract";
import { EndpointSecurityFailure } from "../endpoint-security/failure";
import type { TraceEntry } from "../exchange";
import { dropBody } from "../http/answer-body";
import { awaitBody } from "../http/await-body";
import type { Caller } from "../http/caller";
import { type HeaderList, removeHeader } from "../http/headers";
import { type BodyPatience, RequestBody, SMALL_BYTES_MAX } from "../http/request-body";
import type { BackendResponse } from "./backend-call";
import { BackendError } from "./backend-error";
import type { BackendUpgrade, UpgradeListener } from "./backend-upgrade";
import type { CallListener, UpstreamCall } from "./contract";

/** How much of a body is kept, so that it can be sent once more. */
export const REPLAYED_BYTES_MAX = SMALL_BYTES_MAX;

/** Who answered instead of the backend, when there are no credentials for it. */
export const ENDPOINT_SECURITY = "endpoint-security";

/** RFC 7615: what a server says about credentials that it accepted. */
const INFO = "authentication-info";

const NONE: Credentials = { authorization: null };

/** The endpoint that a secured call goes to. */
export interface SecuredEndpoint {
  readonly authorizer: EndpointAuthorizer;
  /** How the gateway authenticates, in words and without a secret, for the trace. */
  readonly sentence: string;
  readonly totalTimeoutMs: number | null;
  readonly patience: BodyPatience;
}

/** Sends the call to the backend once. */
export type Sending = (headers: HeaderList, body: Readable | null, totalTimeoutMs: number | null, listener: CallListener) => void;

/** A header's values in what came over the wire. `lowerName` is in lower case. */
function valuesOf(rawHeaders: BackendResponse["rawHeaders"], lowerName: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length !== lowerName.length || rawHeaders[index]?.toString("latin1").toLowerCase() !== lowerName) continue;
    values.push(rawHeaders[index + 1]?.toString("latin1") ?? "");
  }
  return values;
}

/** Headers without those of a name in lower case. */
function without(rawHeaders: BackendResponse["rawHeaders"], lowerName: string): BackendResponse["rawHeaders"] {
  return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toString("latin1").toLowerCase() !== lowerName);
}

/**
 * One call to an endpoint that asks for credentials. They are there first, or the backend is not called. They replace whatever
 * the caller or a step put into `Authorization`. When the backend answers 401, the call is sent once more with other
 * credentials if there are any; a 401 is never handed on, because it is about the gateway and not about its caller.
 */
class SecuredCall implements UpgradeListener, AuthorizedCall {
  readonly method: string;
  readonly caller: Caller;
  readonly #startedAt = performance.now();
  readonly #notes: string[] = [];
  #credentials: Credentials = NONE;
  /** The whole body, or null when there is none; undefined while it is not known. */
  #kept: Buffer | null | undefined;
  /** The body that is sent as it arrives. */
  #streamed: RequestBody | null = null;
  #isReplay = false;

  constructor(
    private readonly endpoint: SecuredEndpoint,
    private readonly call: UpstreamCall,
    readonly target: string,
    private readonly headers: HeaderList,
    private readonly sending: Sending,
    private readonly listener: CallListener,
  ) {
    this.method = call.request.method;
    this.caller = call.request.caller;
    this.#kept = call.request.body === null || call.upgrade ? null : undefined;
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  start(): void {
    const credentials = this.endpoint.authorizer.authorize(this);
    if (credentials instanceof Promise) this.#whenReady(credentials, (found) => this.#send(found));
    else this.#send(credentials);
  }

  /** Goes on with what a promise comes to; the time until then is not the backend's. */
  #whenReady<T>(promise: Promise<T>, goOn: (value: T) => void): void {
    const since = performance.now();
    const waited = () => {
      const ms = performance.now() - since;
      this.call.credentialsMs = (this.call.credentialsMs ?? 0) + ms;
      if (this.call.sentAt > 0) this.call.sentAt += ms;
    };
    promise
      .then(
        (value) => {
          waited();
          goOn(value);
        },
        (error: Error) => {
          waited();
          this.#fail(error);
        },
      )
      .catch((error: Error) => this.#fail(error));
  }

  #send(credentials: Credentials): void {
    this.#credentials = credentials;
    const { caller, request } = this.call;
    const { body } = request;
    if (this.#kept === undefined && this.#streamed !== null) this.#dispatch(this.#streamed);
    else if (this.#kept === undefined && body !== null) {
      const readable = new RequestBody(body, this.endpoint.patience, REPLAYED_BYTES_MAX);
      const isSmall = caller.contentLength !== null && Number(caller.contentLength) <= REPLAYED_BYTES_MAX;
      this.#readFirst(readable, isSmall);
    } else this.#dispatch(this.#kept ? Readable.from(this.#kept) : null);
  }

  /**
   * A small body is read before it is sent, so that it is there when the backend asks for other credentials; of a larger one as
   * much as every endpoint waits for.
   */
  #readFirst(body: RequestBody, isSmall: boolean): void {
    const { authorizer } = this.endpoint;
    const generation = authorizer.generation?.();
    const remainingMs = this.#remainingMs();
    const timer = remainingMs === null ? undefined : setTimeout(() => body.destroy(this.#tooLate()), remainingMs);
    awaitBody(body, this.call, (error) => {
      clearTimeout(timer);
      if (error !== null) {
        this.#fail(error);
        return;
      }
      if (isSmall) this.#kept = body.whole?.length ? body.whole : null;
      else this.#streamed = body;
      // A slow caller does not keep a token in use that was dropped meanwhile.
      if (authorizer.generation?.() !== generation) this.start();
      else this.#send(this.#credentials);
    });
  }

  /** What is left of the time for the whole call; null without a limit. */
  #remainingMs(): number | null {
    const { totalTimeoutMs } = this.endpoint;
    return totalTimeoutMs === null ? null : Math.max(0, Math.ceil(totalTimeoutMs - (performance.now() - this.#startedAt)));
  }

  #tooLate(): BackendError {
    return new BackendError("timeout", `No answer within ${this.endpoint.totalTimeoutMs} ms.`);
  }

  #dispatch(body: Readable | null): void {
    const remainingMs = this.#remainingMs();
    if (remainingMs === 0) {
      body?.destroy();
      this.#fail(this.#tooLate());
      return;
    }
    if (this.call.sentAt === 0) this.call.sentAt = performance.now();
    const { authorization } = this.#credentials;
    removeHeader(this.headers, "authorization");
    if (authorization !== null) this.headers.push("authorization", authorization);
    try {
      this.sending(this.headers, body, remainingMs, this);
    } catch (error) {
      // Where a promise or an event led here, nobody above catches it.
      body?.destroy();
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  onResponse(response: BackendResponse): void {
    if (response.status === 401) {
      dropBody(response.body);
      this.#onRefused(valuesOf(response.rawHeaders, "www-authenticate"));
      return;
    }
    this.listener.onResponse(this.#accepted(response));
  }

  onUpgrade(upgrade: BackendUpgrade): void {
    this.listener.onUpgrade(this.#accepted(upgrade));
  }

  onFailure(error: Error): void {
    this.#fail(error);
  }

  /** The answer as its caller may see it: what the backend says about the gateway's credentials is not for others. */
  #accepted<Answer extends { rawHeaders: BackendResponse["rawHeaders"] }>(answer: Answer): Answer {
    const { authorizer, sentence } = this.endpoint;
    this.#trace("ran", this.#isReplay ? `${sentence}; retried: the backend returned 401 to the first credentials` : sentence);
    if (authorizer.accepted === undefined) return answer;
    const [info = null] = valuesOf(answer.rawHeaders, INFO);
    authorizer.accepted(this.#credentials, info);
    return info === null ? answer : { ...answer, rawHeaders: without(answer.rawHeaders, INFO) };
  }

  #onRefused(challenges: readonly string[]): void {
    if (this.#isReplay) {
      this.#refuse("The backend returned 401 to the new credentials too.");
      return;
    }
    this.#isReplay = true;
    const again = this.endpoint.authorizer.refused(this, this.#credentials, challenges);
    const kept = this.#streamed === null ? this.#kept : (this.#streamed.whole ?? undefined);
    if (kept === undefined) {
      // The next call finds the other credentials; this one does not wait for them.
      if (again instanceof Promise) again.catch(() => undefined);
      const why = `body incomplete or over ${REPLAYED_BYTES_MAX / 1024} KB`;
      this.#refuse(`Backend returned 401; not retried: ${why}.`, 1);
      return;
    }
    this.#kept = kept;
    const goOn = (credentials: Credentials | null) => {
      if (credentials === null) this.#refuse("The backend returned 401.");
      else this.#send(credentials);
    };
    if (again instanceof Promise) this.#whenReady(again, goOn);
    else goOn(again);
  }

  #refuse(reason: string, retryAfterSeconds?: number): void {
    this.#fail(new EndpointSecurityFailure("refused", [reason, ...this.#notes].join(" "), retryAfterSeconds, 401));
  }

  #fail(error: Error): void {
    if (error instanceof BackendError) this.#trace("ran", this.endpoint.sentence);
    else this.#trace(error instanceof EndpointSecurityFailure ? "answered" : "failed", error.message);
    this.listener.onFailure(error);
  }

  #trace(outcome: TraceEntry["outcome"], reason: string): void {
    const durationMs = this.call.credentialsMs ?? 0;
    this.call.trace?.push({ phase: "request", policy: ENDPOINT_SECURITY, name: "Endpoint security", outcome, reason, durationMs });
  }
}

/**
 * Sends a call with the credentials that its endpoint asks for; at once when they are kept. `headers` are those of the backend's
 * request; its `Authorization` is replaced. Exactly one of the listener's functions is called, once.
 */
export function callSecured(
  endpoint: SecuredEndpoint,
  call: UpstreamCall,
  target: string,
  headers: HeaderList,
  sending: Sending,
  listener: CallListener,
): void {
  new SecuredCall(endpoint, call, target, headers, sending, listener).start();
}
