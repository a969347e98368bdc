import { Readable } from "node:stream";

/** Destination of a body. */
export interface BodySink {
  /** Writes a chunk. Returns false to pause until `resume` is called on the body. */
  write(chunk: Buffer): boolean;
  end(): void;
  /** Called when the backend aborts: the written body is incomplete. */
  fail(error: Error): void;
}

/**
 * The body of an answer. It is no stream of Node's: most bodies are small and have arrived when somebody asks for them,
 * and a stream would cost as much as the rest of the call.
 */
export interface AnswerBody {
  /** The backend has not sent all of it yet. */
  readonly isComing: boolean;
  /** The whole body, when all of it has arrived already; null when it has not. Once taken, only `settle` may be called. */
  takeWhole(): Buffer | null;
  /** Says that the whole body, once taken, has been handed over. */
  settle(): void;
  /** Lets the body flow into a sink. Called once. */
  pipe(sink: BodySink): void;
  /** Resumes after the sink paused. */
  resume(): void;
  /** Discards the rest and ends the backend call. */
  destroy(): void;
}

/** A body as a Node stream, for frameworks that require one. */
class BodyStream extends Readable {
  #piped = false;

  constructor(private readonly source: AnswerBody) {
    super();
  }

  override _read(): void {
    if (this.#piped) {
      this.source.resume();
      return;
    }
    this.#piped = true;
    this.source.pipe({
      write: (chunk) => this.push(chunk),
      end: () => this.push(null),
      fail: (error) => this.destroy(error),
    });
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.source.destroy();
    callback(error);
  }
}

/** A body as a Node stream; destroying it early ends the backend's call. */
export function bodyStream(body: AnswerBody): Readable {
  return new BodyStream(body);
}

/** Discards an unused body, keeping the connection if it arrived completely. */
export function dropBody(body: AnswerBody | null): void {
  if (body === null) return;
  if (body.takeWhole() === null) body.destroy();
  else body.settle();
}
