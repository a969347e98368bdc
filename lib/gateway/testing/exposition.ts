/** One line of a metric as a reader of the text sees it. */
export interface ReadSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const COMMENT = new RegExp(`^# (?:HELP ${NAME} .*|TYPE ${NAME} (?:counter|gauge|histogram|summary|untyped))$`, "s");
const LINE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`, "s");
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(?:,|$)/y;

const unescaped = (text: string) => text.replace(/\\(.)/gs, (_, character: string) => (character === "n" ? "\n" : character));

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text);
    if (!match) throw new Error(`These are no labels: ${text}`);
    const [, name = "", value = ""] = match;
    if (name in labels) throw new Error(`The label ${name} stands there twice: ${text}`);
    labels[name] = unescaped(value);
  }
  return labels;
}

/**
 * Reads the text format of Prometheus, version 0.0.4, as its description says it.
 * @throws on a line that is none of it, and on a series that stands there twice
 */
export function readExposition(text: string): ReadSample[] {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const samples: ReadSample[] = [];
  const seen = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "" || COMMENT.test(line)) continue;
    const match = LINE.exec(line);
    if (!match) throw new Error(`This is no line of the format: ${line}`);
    const [, name = "", labelText = "", valueText = ""] = match;
    const value = valueText === "+Inf" ? Number.POSITIVE_INFINITY : Number(valueText);
    // Readers take it in any case, as Go's ParseFloat does.
    if (Number.isNaN(value) && valueText.toLowerCase() !== "nan") throw new Error(`This is no value: ${line}`);
    const labels = readLabels(labelText);
    const series = JSON.stringify([name, Object.entries(labels).sort()]);
    if (seen.has(series)) throw new Error(`This series stands there twice: ${line}`);
    seen.add(series);
    samples.push({ name, labels, value });
  }
  return samples;
}

/** The values of one metric by its labels, written as `a=1,b=2` in the order of their names. */
export function seriesOf(samples: readonly ReadSample[], name: string): Record<string, number> {
  const keyOf = (labels: Record<string, string>) =>
    Object.entries(labels)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map((pair) => pair.join("="))
      .join(",");
  return Object.fromEntries(samples.filter((sample) => sample.name === name).map(({ labels, value }) => [keyOf(labels), value]));
}
