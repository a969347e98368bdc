import pino, { type DestinationStream, type Logger } from "pino";
import { singleton } from "./singleton";

const FLUSH_MS = 200;

/** How much of the log is written at once. A call leaves about 400 bytes. */
const WRITE_BYTES = 8192;

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

/**
 * The log of calls, a line each. Its records hold no credentials by their type, so nothing is searched for them, and
 * lines are written several at a time: at the latest after a fifth of a second, and before the process ends.
 */
export function callLog(): Logger {
  return singleton("call-log", () => {
    const destination = pino.destination({ dest: 1, minLength: WRITE_BYTES, sync: true });
    setInterval(() => destination.flush(), FLUSH_MS).unref();
    process.once("exit", () => destination.flushSync());
    return pino(FORM, destination satisfies DestinationStream);
  });
}
