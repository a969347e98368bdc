import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";

/** How much of the log waits for its reader at most, in bytes; what comes after is dropped and counted. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;
/** How long the reader may take nothing before it counts as stalled, in milliseconds. */
const STALLED_AFTER_MS = 2000;
/** How long the end of the process waits for a reader that takes nothing, in milliseconds. */
const LAST_WORDS_MS = 500;
const EXIT_PAUSE_MS = 5;

/** Standard output, as much of it as is needed. */
export interface Output {
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", listener: () => void): unknown;
}

/** Where log lines go. Nobody ever waits for whoever reads them. */
export interface LogDestination {
  /** Takes whole lines. Texts stay in order, and each is handed to the system by itself. */
  write(text: string): void;
  /** How many lines were dropped so far. */
  dropped(): number;
  /** Whether the reader has taken nothing for a while although there is something to read. */
  isStalled(): boolean;
  /** Writes what waits, for as long as the reader takes it: before the process ends. */
  finish(): void;
}

const linesIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

/**
 * Makes the destination over standard output. One text is under way at a time, so that lines of processes on one pipe only mix
 * when a text is longer than the system writes at once. When dropping is over, a line says how many were dropped.
 */
export function logDestination(given?: Output, bytesMax = UNREAD_BYTES_MAX): LogDestination {
  const own = given ? null : ownDescription();
  const output: Output = given ?? own?.output ?? process.stdout;
  const fd = own?.fd ?? 1;
  let queue: string[] = [];
  let head = 0;
  let waitingBytes = 0;
  let underWay: string | null = null;
  let progressAt = 0;
  let droppedLines = 0;
  let saidLines = 0;
  let failing = false;

  const drop = (text: string) => {
    droppedLines += linesIn(text);
  };
  const done = (text: string, error?: Error | null) => {
    // A disk that is full, or a reader that is gone: the next text is tried all the same.
    failing = Boolean(error);
    if (failing) drop(text);
    underWay = null;
    progressAt = performance.now();
    waitingBytes -= text.length;
    next();
  };
  const send = (text: string) => {
    underWay = text;
    if (!own) neverBlock();
    try {
      output.write(text, (error) => done(text, error));
    } catch (error) {
      done(text, error instanceof Error ? error : new Error(String(error)));
    }
  };
  const next = () => {
    const queued = queue[head];
    if (queued === undefined) {
      queue = [];
      head = 0;
      // While writing fails, what says so fails too.
      if (saidLines === droppedLines || failing) return;
      const count = droppedLines - saidLines;
      saidLines = droppedLines;
      const line = { level: 40, time: new Date().toISOString(), dropped: count, msg: "log lines were dropped: their reader took none" };
      const text = `${JSON.stringify(line)}\n`;
      waitingBytes += text.length;
      send(text);
      return;
    }
    head += 1;
    if (head > 1024) {
      queue = queue.slice(head);
      head = 0;
    }
    send(queued);
  };
  const write = (text: string) => {
    if (waitingBytes + text.length > bytesMax) return drop(text);
    if (waitingBytes === 0) progressAt = performance.now();
    waitingBytes += text.length;
    if (underWay === null) send(text);
    else queue.push(text);
  };
  // A reader that is gone is told by the write's callback; without a listener it would end the process.
  output.on("error", () => undefined);

  return {
    write,
    dropped: () => droppedLines,
    isStalled: () => underWay !== null && performance.now() - progressAt > STALLED_AFTER_MS,
    finish() {
      const left = [...(underWay === null ? [] : [underWay]), ...queue.slice(head)];
      queue = [];
      const deadline = performance.now() + LAST_WORDS_MS;
      for (const text of left) if (!writeNow(fd, text, deadline, own ? undefined : neverBlock)) return;
    },
  };
}

/**
 * Opens the pipe of standard output once more. Whether writes block belongs to what was opened, and every process that ends sets
 * it back for all that share it: a write that began just then waited for the reader, and its process never ended.
 * @returns null where that can't be done: standard output is no pipe, another user's, or the system isn't Linux
 */
function ownDescription(): { output: Output; fd: number } | null {
  try {
    if (!fstatSync(1).isFIFO()) return null;
    const fd = openSync("/proc/self/fd/1", constants.O_WRONLY | constants.O_NONBLOCK);
    const output = new Socket({ fd, readable: false, writable: true });
    output.unref();
    return { output, fd };
  } catch {
    return null;
  }
}

/**
 * Makes writes to standard output return at once. Node makes them so, and the end of any process that has the same output
 * undoes it for all: a worker that is replaced would leave the others waiting for the reader.
 */
function neverBlock(): void {
  const { _handle } = process.stdout as { _handle?: { setBlocking?: (isBlocking: boolean) => unknown } };
  _handle?.setBlocking?.(false);
}

/** Writes to standard output, opened as one that doesn't block. @returns false when the reader takes nothing in time, or is gone */
function writeNow(fd: number, text: string, deadline: number, beforeEach?: () => void): boolean {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    // Another process that ends meanwhile makes a shared output block again, for good when its reader has stalled.
    beforeEach?.();
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      const again = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!again || performance.now() > deadline) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_PAUSE_MS);
    }
  }
  return true;
}
