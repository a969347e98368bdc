import cluster from "node:cluster";
import pino, { type Logger } from "pino";
import { singleton } from "./singleton";

const FLUSH_MS = 100;

/** How many lines of the call log are written at once. */
const LINES = 128;

/** What processes that share a pipe may write at once without mixing their lines (POSIX calls it PIPE_BUF). */
const SHARED_WRITE_BYTES = 4096;

const FORM = { base: null, timestamp: pino.stdTimeFunctions.isoTime };

/** The log of what happens to this process: JSON lines on standard output. Credentials are cut out wherever they stand. */
export function logger(): Logger {
  return singleton("logger", () =>
    pino({
      ...FORM,
      redact: { paths: ["*.authorization", "*.cookie", "*.clientSecret", "*.password", "*.token", "headers.*"], censor: "[removed]" },
    }),
  );
}

/** The moment as the lines begin with it, made once a millisecond. */
function lineStart(): () => string {
  let millisecond = 0;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== millisecond) {
      millisecond = now;
      text = `{"level":${pino.levels.values.info},"time":"${new Date(now).toISOString()}",`;
    }
    return text;
  };
}

/**
 * The log of calls: writes a record as one line of the form that pino's own lines have, to pino's destination. At the rate of
 * a gateway, pino's line costs more than the check of a token, so the line is made by the engine's own JSON, and lines
 * are written many at a time: at the latest after a tenth of a second, and before the process ends. The records hold no
 * credentials by their type, so nothing is searched for them.
 */
export function callLog(): (record: object) => void {
  return singleton("call-log", () => {
    const destination = pino.destination({ dest: 1, sync: true });
    const start = lineStart();
    let lines: string[] = [];
    let bytes = 0;
    const flush = () => {
      if (lines.length === 0) return;
      const text = lines.join("");
      lines = [];
      bytes = 0;
      destination.write(text);
    };
    const makeRoomFor = (line: string) => {
      const length = Buffer.byteLength(line);
      if (bytes + length > SHARED_WRITE_BYTES) flush();
      bytes += length;
    };
    setInterval(flush, FLUSH_MS).unref();
    process.once("exit", () => {
      flush();
      destination.flushSync();
    });
    return (record) => {
      const line = `${start()}${JSON.stringify(record).slice(1, -1)},"msg":"call"}\n`;
      if (cluster.isWorker) makeRoomFor(line);
      lines.push(line);
      if (lines.length >= LINES) flush();
    };
  });
}
