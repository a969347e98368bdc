import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { table } from "./statistics.mjs";

const FILE = fileURLToPath(new URL("../results.json", import.meta.url));

const nameOf = ({ group, part }) => `${group}/${part}`;

/** The rows of the parts that ran in the place of what there was of them, and those of the others as they were. */
export function mergeResults(before, rows, order) {
  const ran = new Set(rows.map(nameOf));
  const kept = before.filter((row) => !ran.has(nameOf(row)) && order.includes(nameOf(row)));
  return [...kept, ...rows].sort((one, other) => order.indexOf(nameOf(one)) - order.indexOf(nameOf(other)));
}

/** Puts the rows of the parts that ran into `results.json`. */
export function keepResults(rows, order) {
  const { results: before } = JSON.parse(readFileSync(FILE, "utf8"));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, at: new Date().toISOString() };
  const results = mergeResults(before, rows, order);
  writeFileSync(FILE, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}

const MET = new Map([
  [true, "yes"],
  [false, "no"],
  [null, "–"],
]);

/** The rows as people read them. */
export function resultsTable(rows) {
  return table(
    rows.map(({ measured, value, unit, peer, peerValue, ratio, goal, met }) => ({
      measured,
      value: `${value} ${unit}`,
      against: peer,
      "its value": peerValue ?? "–",
      ratio: ratio ?? "–",
      goal,
      met: MET.get(met),
    })),
  );
}
