import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { AnswerBody, BodySink } from "../http/answer-body";
import type { Caller } from "../http/caller";
import { BackendError, isLostConnection, toBackendError } from "./backend-error";
import type { Deadline, Deadlines } from "./deadlines";
import type { Held, Load } from "./load";
import type { Turn, Turnstile } from "./turnstile";

/** Who broke an answer off after it had begun; null when it was handed over whole. */
export type Cut = "caller" | "backend" | null;

/** What a backend answered. */
export interface BackendResponse {
  status: number;
  /** Names and values in turn, as on the wire. */
  rawHeaders: readonly (Buffer | string)[];
  body: (AnswerBody & { whenEnded(listener: (cut: Cut) => void): void }) | null;
}

/** Who waits for a backend's answer. Functions instead of a promise: every call passes here, and this costs a third. */
export interface BackendListener {
  /** It must not throw. */
  onResponse(response: BackendResponse): void;
  onFailure(error: BackendError): void;
}

const SOON = Promise.resolve();

/** What is sent to a backend. */
export interface BackendRequest {
  method: string;
  path: string;
  headers: string[];
  body: Readable | null;
  /** Asks the backend to close the connection behind its answer, and uses it for nothing else. */
  closes: boolean;
  /** The time until the answer has to begin; each piece of the request's body that was sent begins it anew. */
  deadlines: Deadlines;
  /** Milliseconds that the answer's body may pause. */
  idleTimeoutMs: number;
  /** Milliseconds until all of the answer must be there; null for no limit. */
  totalTimeoutMs: number | null;
  caller: Caller;
  load: Load;
  /** Gives out the connections. */
  turnstile: Turnstile;
  /** What the calls of one client are counted by. */
  client(): string;
}

/** A safe request whose kept-alive connection the backend closed in that moment may be sent once more (RFC 9110, section 9.2.2). */
const mayRepeat = (request: BackendRequest) =>
  request.body === null && (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS");

/** How much of a body is held while nobody takes it. */
const HELD_BYTES_MAX = 65_536;

/**
 * One call to a backend and the body of its answer. It implements the handler that undici 7's core speaks itself: its
 * newer form is a layer above, which parses every header into an object that the gateway would have to take apart again.
 */
class BackendCall implements Dispatcher.DispatchHandler, AnswerBody, Deadline, Turn, Held {
  dueAt = 0;
  previous: Deadline | null = null;
  next: Deadline | null = null;
  #abort: ((error: Error) => void) | null = null;
  #resume: (() => void) | null = null;
  #failure: BackendError | null = null;
  #answered = false;
  #completed = false;
  #repeated = false;
  /** It waits for its turn to be sent. */
  #waiting = false;
  #client: string | null = null;
  /** Undici has it, and no connection has. It cannot be taken out again, so it counts until a connection is there for it. */
  #queued = false;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Undici waits for `resume`. */
  #paused = false;
  #sink: BodySink | null = null;
  #whenEnded: ((cut: Cut) => void) | null = null;
  #cut: Cut | undefined;
  readonly #totalTimer: NodeJS.Timeout | null;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly request: BackendRequest,
    private readonly listener: BackendListener,
  ) {
    const { deadlines, totalTimeoutMs, caller } = request;
    deadlines.add(this);
    this.#totalTimer = totalTimeoutMs === null ? null : setTimeout(() => this.#giveUp(totalTimeoutMs), totalTimeoutMs);
    request.load.enter(this);
    caller.whenGone(() => this.fail(new BackendError("aborted", "The client disconnected."), "caller"));
  }

  start(): void {
    if (this.#failure !== null) {
      this.request.body?.destroy();
      return;
    }
    this.#waiting = !this.request.turnstile.enter(this);
    if (!this.#waiting) this.#dispatch();
  }

  run(): void {
    this.#waiting = false;
    this.#dispatch();
  }

  get client(): string {
    this.#client ??= this.request.client();
    return this.#client;
  }

  get heldUp(): boolean {
    return this.#paused && this.#sink !== null;
  }

  get isIdle(): boolean {
    return this.#waiting || this.heldUp;
  }

  displace(): boolean {
    // Without a response, nobody knows what the backend has done.
    if (this.#failure !== null || this.#completed || !(this.#waiting || this.#answered || mayRepeat(this.request))) return false;
    this.fail(new BackendError("overloaded", "The client has more than half of the endpoint's places, and others wait."), "caller");
    return true;
  }

  #dispatch(): void {
    const { method, path, headers, body, closes, idleTimeoutMs } = this.request;
    this.#queued = true;
    const options: Dispatcher.DispatchOptions = { method, path, headers, body, headersTimeout: 0, bodyTimeout: idleTimeoutMs };
    if (closes) options.reset = true;
    this.dispatcher.dispatch(options, this);
  }

  expire(): void {
    this.#giveUp(this.request.deadlines.milliseconds);
  }

  #giveUp(milliseconds: number): void {
    this.fail(new BackendError("timeout", `No answer within ${milliseconds} ms.`), "backend");
  }

  /** Ends the call. What the backend still sends is not wanted any more. */
  fail(error: BackendError, cut: Exclude<Cut, null>): void {
    if (this.#completed || this.#failure) return;
    this.#failure = error;
    this.#settle();
    // The call may still wait for a connection; then onConnect ends it.
    if (this.#abort) this.#abort(error);
    else this.request.body?.destroy();
    if (!this.#answered) {
      this.listener.onFailure(error);
      return;
    }
    this.#end(cut);
    this.#sink?.fail(error);
  }

  #settle(): void {
    this.request.deadlines.remove(this);
    if (this.#totalTimer) clearTimeout(this.#totalTimer);
    this.request.caller.whenGone(null);
    if (!this.#queued) this.#leave();
  }

  #leave(): void {
    this.request.load.leave(this);
    this.request.turnstile.leave(this);
  }

  #leaveQueue(): void {
    if (!this.#queued) return;
    this.#queued = false;
    // It has failed before: only its place in the queue was still counted.
    if (this.#failure) this.#leave();
  }

  #end(cut: Cut): void {
    if (this.#cut !== undefined) return;
    this.#cut = cut;
    this.#whenEnded?.(cut);
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#leaveQueue();
    if (this.#failure) abort(this.#failure);
    else this.#abort = abort;
  }

  onBodySent(): void {
    if (!this.#answered && !this.#failure) this.request.deadlines.refresh(this);
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    if (status < 200) return true;
    this.request.deadlines.remove(this);
    this.#answered = true;
    this.#resume = resume;
    const bodiless = this.request.method === "HEAD" || status === 204 || status === 304;
    const response = { status, rawHeaders: raw, body: bodiless ? null : this };
    // A little later, so that a body which came in the same packet is there too and can be handed over whole.
    SOON.then(() => this.listener.onResponse(response));
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#sink && !this.#paused) {
      this.#paused = !this.#sink.write(chunk);
      return !this.#paused;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    this.#paused ||= this.#heldBytes > HELD_BYTES_MAX;
    return !this.#paused;
  }

  onComplete(): void {
    this.#completed = true;
    this.#settle();
    if (this.#sink && this.#held.length === 0) this.#finish(this.#sink);
  }

  #finish(sink: BodySink): void {
    this.#end(null);
    sink.end();
  }

  onError(error: Error): void {
    this.#leaveQueue();
    if (this.#failure) return;
    if (!this.#answered && !this.#repeated && isLostConnection(error) && mayRepeat(this.request)) {
      this.#repeated = true;
      this.#abort = null;
      this.#dispatch();
      return;
    }
    this.fail(toBackendError(error), "backend");
  }

  whenEnded(listener: (cut: Cut) => void): void {
    this.#whenEnded = listener;
    if (this.#cut !== undefined) listener(this.#cut);
  }

  get isComing(): boolean {
    return !this.#completed;
  }

  takeWhole(): Buffer | null {
    if (!this.#completed || this.#sink) return null;
    const [only = Buffer.alloc(0)] = this.#held;
    return this.#held.length > 1 ? Buffer.concat(this.#held) : only;
  }

  settle(): void {
    this.#end(null);
  }

  pipe(sink: BodySink): void {
    this.#sink = sink;
    this.#paused = false;
    if (this.#failure) sink.fail(this.#failure);
    else this.resume();
  }

  resume(): void {
    const sink = this.#sink;
    if (!sink || this.#failure) return;
    this.#paused = false;
    while (this.#held.length > 0 && !this.#paused) {
      const chunk = this.#held.shift();
      if (chunk) this.#paused = !sink.write(chunk);
    }
    if (this.#paused) return;
    this.#heldBytes = 0;
    if (this.#completed) this.#finish(sink);
    else this.#resume?.();
  }

  destroy(): void {
    if (this.#completed) this.#end(this.#sink && this.#held.length === 0 ? null : "caller");
    this.fail(new BackendError("aborted", "The client disconnected."), "caller");
  }
}

/**
 * Sends a request to a backend. Exactly one of the listener's functions is called, once: when the answer begins, or when it is
 * clear that none will.
 */
export function callBackend(dispatcher: Dispatcher, request: BackendRequest, listener: BackendListener): void {
  new BackendCall(dispatcher, request, listener).start();
}
