/** The middle of some numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const round = (value, digits = 2) => Number(value.toFixed(digits));

/**
 * Lets several take turns, so that a slow moment of the machine meets all of them, and every second round the other way
 * round, so that none profits from its place.
 * @param runners by name; each measures once when it is called
 * @returns by name, what each measured in each round
 */
export async function takeTurns(runners, rounds) {
  const names = Object.keys(runners);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let index = 0; index < rounds; index += 1) {
    for (const name of index % 2 ? [...names].reverse() : names) measured[name].push(await runners[name]());
  }
  return measured;
}

/** The middle of the ratios of two that took turns, round by round. */
export const ratioOf = (ours, theirs, pick) => median(ours.map((entry, index) => pick(entry) / pick(theirs[index])));

/** Rows of equal keys as an aligned table. */
export function table(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => String(row[column]).length)));
  const line = (cells) => cells.map((cell, index) => String(cell).padEnd(widths[index])).join("  ");
  return [
    line(columns),
    widths.map((width) => "-".repeat(width)).join("  "),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
  ].join("\n");
}
