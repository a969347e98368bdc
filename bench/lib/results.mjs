import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { table } from "./statistics.mjs";

const FILE = fileURLToPath(new URL("../results.json", import.meta.url));
const DOCUMENT = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));

const nameOf = ({ group, part }) => `${group}/${part}`;

/** The rows of the parts that ran in the place of what there was of them, and those of the others as they were. */
export function mergeResults(before, rows, order) {
  const ran = new Set(rows.map(nameOf));
  const kept = before.filter((row) => !ran.has(nameOf(row)) && order.includes(nameOf(row)));
  return [...kept, ...rows].sort((one, other) => order.indexOf(nameOf(one)) - order.indexOf(nameOf(other)));
}

/** Puts the rows of the parts that ran into `results.json`, and the whole into the documentation. */
export function keepResults(rows, order) {
  const { results: before } = JSON.parse(readFileSync(FILE, "utf8"));
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, at: new Date().toISOString() };
  const results = mergeResults(before, rows, order);
  writeFileSync(FILE, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  writeFileSync(DOCUMENT, resultsDocument({ machine, results }));
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

const number = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : "–");

/** The results as a page of the documentation, with the command that makes them. */
export function resultsDocument({ machine, results }) {
  const rows = results.map(({ measured, value, unit, peer, peerValue, ratio, goal, met }) =>
    [measured, `${number(value)} ${unit}`, number(peerValue), peer, number(ratio), goal, MET.get(met)].join(" | "),
  );
  const howEach = results.map(({ measured, peer, peerValue, how, at }) => {
    const against = peerValue === null ? "" : `, against ${peer}`;
    return `- ${measured}${against}: ${how} (${at.slice(0, 10)})`;
  });
  return `# Benchmarks

\`npm run bench\` starts everything, measures, writes \`bench/results.json\` and this page. \`npm run bench -- data-plane\` runs one
group and keeps the other rows; with \`--quick\` the runs are short and nothing is written. Ours and its peers take turns in
the same run on the same backend; a ratio is the median of the rounds' ratios.

Last run on ${machine.cores} cores (${machine.cpu}), Node ${machine.node}. Everything, load and backend included, shares these cores.

| measured | ours | peer | what the peer is | ratio | goal | met |
|---|---|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join("\n")}

## How each was measured

${howEach.join("\n")}
`;
}
