import pino, { type Logger } from "pino";
import { singleton } from "./singleton";

/** The one log of this process: JSON lines on standard output. Credentials are cut out wherever they stand. */
export function logger(): Logger {
  return singleton("logger", () =>
    pino({
      base: null,
      redact: { paths: ["*.authorization", "*.cookie", "*.clientSecret", "*.password", "*.token", "headers.*"], censor: "[removed]" },
      timestamp: pino.stdTimeFunctions.isoTime,
    }),
  );
}
