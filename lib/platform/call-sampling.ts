/** What of a line of the log of calls says that it is about an error. */
interface CallLine {
  status: number;
  code?: string | undefined;
  reason?: string | undefined;
  cut?: string | undefined;
}

const isError = ({ status, code, reason, cut }: CallLine): boolean =>
  status >= 400 || code !== undefined || reason !== undefined || cut !== undefined;

/**
 * Leaves lines of the log of calls out: of successful requests as many percent are written as is said here, of errors all.
 * @param percent 0 to 100
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
