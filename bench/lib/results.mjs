import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { table } from "./statistics.mjs";

const FILE = fileURLToPath(new URL("../results.json", import.meta.url));

/** Puts the rows of the parts that ran into `results.json`, in the place of what it had of them. */
export function keepResults(rows, order) {
  const ran = new Set(rows.map(({ group, part }) => `${group}/${part}`));
  const { results } = JSON.parse(readFileSync(FILE, "utf8"));
  const kept = results.filter(({ group, part }) => !ran.has(`${group}/${part}`));
  const place = ({ group, part }) => order.indexOf(`${group}/${part}`);
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, at: new Date().toISOString() };
  const all = [...kept, ...rows].sort((one, other) => place(one) - place(other));
  writeFileSync(FILE, `${JSON.stringify({ machine, results: all }, null, 2)}\n`);
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
