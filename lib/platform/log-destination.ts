import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { Socket } from "node:net";

/** Maximum buffered bytes. Further lines are dropped and counted. */
const UNREAD_BYTES_MAX = 16 * 1024 * 1024;
/** Time without progress after which the reader counts as stalled. */
const STALLED_AFTER_MS = 2000;
/** Maximum wait for a stalled reader at process exit. */
const FINAL_FLUSH_MS = 500;
const EXIT_PAUSE_MS = 5;

/** The required part of standard output. */
export interface Output {
  write(text: string, done: (error?: Error | null) => void): unknown;
  on(event: "error", listener: () => void): unknown;
}

/** A log destination that never blocks on its reader. */
export interface LogDestination {
  /** Writes whole lines in order; each text is one write to the system. */
  write(text: string): void;
  /** Number of dropped lines. */
  dropped(): number;
  /** Whether the reader makes no progress while lines are pending. */
  isStalled(): boolean;
  /** Flushes pending lines at process exit, as long as the reader accepts them. */
  finish(): void;
}

const linesIn = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
};

/**
 * Creates a destination over standard output. One write is pending at a time, so lines of processes on one pipe mix only in writes
 * above the system's limit. After drops, it logs their number.
 */
export function logDestination(given?: Output, bytesMax = UNREAD_BYTES_MAX): LogDestination {
  const own = given ? null : ownDescription();
  const output: Output = given ?? own?.output ?? process.stdout;
  const fd = own?.fd ?? 1;
  let queue: string[] = [];
  let head = 0;
  let waitingBytes = 0;
  let pending: string | null = null;
  let progressAt = 0;
  let droppedLines = 0;
  let reportedLines = 0;
  let failing = false;

  const drop = (text: string) => {
    droppedLines += linesIn(text);
  };
  const done = (text: string, error?: Error | null) => {
    // A full disk or a closed reader; later writes may succeed.
    failing = Boolean(error);
    if (failing) drop(text);
    pending = null;
    progressAt = performance.now();
    waitingBytes -= text.length;
    next();
  };
  const send = (text: string) => {
    pending = text;
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
      // While writes fail, this line would fail too.
      if (reportedLines === droppedLines || failing) return;
      const count = droppedLines - reportedLines;
      reportedLines = droppedLines;
      const line = { level: 40, time: new Date().toISOString(), dropped: count, msg: "log lines were dropped because the reader stalled" };
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
    if (pending === null) send(text);
    else queue.push(text);
  };
  // The write's callback handles errors; without a listener they would end the process.
  output.on("error", () => undefined);

  return {
    write,
    dropped: () => droppedLines,
    isStalled: () => pending !== null && performance.now() - progressAt > STALLED_AFTER_MS,
    finish() {
      const left = [...(pending === null ? [] : [pending]), ...queue.slice(head)];
      queue = [];
      const deadline = performance.now() + FINAL_FLUSH_MS;
      for (const text of left) if (!writeNow(fd, text, deadline, own ? undefined : neverBlock)) return;
    },
  };
}

/**
 * Reopens the pipe of standard output. O_NONBLOCK belongs to the open file description, and every exiting process resets it for all
 * processes that share it, which would block this one forever.
 * @returns null when standard output isn't a pipe or belongs to another user, or on systems other than Linux
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
 * Makes writes to standard output non-blocking again: an exiting process that shares it (such as a replaced worker) resets that.
 */
function neverBlock(): void {
  const { _handle } = process.stdout as { _handle?: { setBlocking?: (isBlocking: boolean) => unknown } };
  _handle?.setBlocking?.(false);
}

/** Writes synchronously to a non-blocking descriptor. @returns false when the reader stalls until the deadline or is closed */
function writeNow(fd: number, text: string, deadline: number, beforeEach?: () => void): boolean {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    // An exiting process can make a shared output block again.
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
