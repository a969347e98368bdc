import cluster from "node:cluster";
import pino, { type Logger } from "pino";
import { type LogDestination, logDestination } from "./log-destination";
import { singleton } from "./singleton";

const FLUSH_MS = 100;

/** How many lines of the call log are written at once. */
const LINES = 128;

/** What processes that share a pipe may write at once without mixing their lines (POSIX calls it PIPE_BUF). */
const SHARED_WRITE_BYTES = 4096;

const FORM = { base: null, timestamp: pino.stdTimeFunctions.isoTime };

/** Where all lines of this process go. No request and no poll waits for whoever reads them. */
const destination = (): LogDestination =>
  singleton("log-destination", () => {
    const made = logDestination();
    process.once("exit", () => made.finish());
    return made;
  });

/** How many log lines were dropped because their reader took none, and whether it takes none now. */
export const logState = (): { dropped: number; stalled: boolean } => ({
  dropped: destination().dropped(),
  stalled: destination().isStalled(),
});

/** The log of what happens to this process: JSON lines on standard output. Credentials are cut out wherever they stand. */
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

/** The beginning of a line: the level and the moment, which is made once a millisecond. */
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
 * The log of calls: writes each record as one line of the form that pino's own lines have, to pino's destination. At the rate of
 * a gateway a line would cost more than the check of a token, so records are kept for a moment and made into lines many at
 * a time, at the latest after a tenth of a second, and before the process ends: the same work then costs a third. The records
 * hold no credentials by their type, so nothing is searched for them. A record must not change any more.
 */
export function callLog(): (record: object) => void {
  return singleton("call-log", () => {
    // At the end, the last records are made into lines before the destination finishes.
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
        // Lines of processes on one pipe only stay apart when each write is the system's at once.
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
