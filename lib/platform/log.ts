import cluster from "node:cluster";
import pino, { type Logger } from "pino";
import { type LogDestination, logDestination } from "./log-destination";
import { singleton } from "./singleton";

const FLUSH_MS = 100;

/** Records per batch of the request log. */
const LINES = 128;

/** Atomic write size on a shared pipe (PIPE_BUF in POSIX). */
const SHARED_WRITE_BYTES = 4096;

const FORM = { base: null, timestamp: pino.stdTimeFunctions.isoTime };

/** This process's log destination. It never blocks requests. */
const destination = (): LogDestination =>
  singleton("log-destination", () => {
    const made = logDestination();
    process.once("exit", () => made.finish());
    return made;
  });

/** The number of dropped log lines, and whether the reader is stalled now. */
export const logState = (): { dropped: number; stalled: boolean } => ({
  dropped: destination().dropped(),
  stalled: destination().isStalled(),
});

/** This process's log: JSON lines on standard output, with credentials redacted. */
export function logger(): Logger {
  return singleton("logger", () =>
    pino(
      {
        ...FORM,
        redact: { paths: ["*.authorization", "*.cookie", "*.clientSecret", "*.password", "*.token", "headers.*"], censor: "[removed]" },
      },
      destination(),
    ),
  );
}

/** The start of a line with level and time, cached for 1 ms. */
function lineStart(): (now: number) => string {
  let millisecond = 0;
  let text = "";
  return (now) => {
    if (now !== millisecond) {
      millisecond = now;
      text = `{"level":${pino.levels.values.info},"time":"${new Date(now).toISOString()}",`;
    }
    return text;
  };
}

/**
 * The request log, in pino's line format. Records are serialized in batches, at most 100 ms later and at process exit, which costs
 * a third of single lines. Records contain no credentials and must not change afterwards.
 */
export function callLog(): (record: object) => void {
  return singleton("call-log", () => {
    // At exit, this flush runs before the destination's.
    const { write } = destination();
    const start = lineStart();
    let records: object[] = [];
    let times: number[] = [];
    const flush = () => {
      const due = records;
      if (due.length === 0) return;
      const at = times;
      records = [];
      times = [];
      let text = "";
      let bytes = 0;
      for (let index = 0; index < due.length; index += 1) {
        const line = `${start(at[index] ?? 0)}${JSON.stringify(due[index]).slice(1, -1)},"msg":"call"}\n`;
        // Lines of processes on one pipe don't mix only in atomic writes.
        if (cluster.isWorker) {
          const length = Buffer.byteLength(line);
          if (text !== "" && bytes + length > SHARED_WRITE_BYTES) {
            write(text);
            text = "";
            bytes = 0;
          }
          bytes += length;
        }
        text += line;
      }
      write(text);
    };
    setInterval(flush, FLUSH_MS).unref();
    process.prependOnceListener("exit", flush);
    return (record) => {
      times.push(Date.now());
      if (records.push(record) >= LINES) flush();
    };
  });
}
