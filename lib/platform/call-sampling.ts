/** The fields of a request log line that mark an error. */
interface CallLine {
  status: number;
  code?: string | undefined;
  reason?: string | undefined;
  cut?: string | undefined;
}

const isError = ({ status, code, reason, cut }: CallLine): boolean =>
  status >= 400 || code !== undefined || reason !== undefined || cut !== undefined;

/**
 * Samples the request log: writes a percentage of successful requests and all errors.
 * @param percent share of successful requests, 0 to 100
 */
export function sampleCalls<Line extends CallLine>(
  write: (line: Line) => void,
  percent: number,
  random = Math.random,
): (line: Line) => void {
  if (percent >= 100) return write;
  const share = percent / 100;
  return (line) => {
    if (isError(line) || random() < share) write(line);
  };
}
