import { formEncode } from "./form-encode";

/** What stands in the place of a secret. */
const REDACTED = "[secret]";
/** What stands in the place of a text that repeats a secret in a form that can't be cut out. */
const LEFT_OUT = "[left out: it repeats a secret]";

/** Secrets shorter than this are in many texts by chance. */
const MIN_LENGTH = 4;
/** An encoding of an encoding of an encoding is nobody's mistake any more. */
const MAX_DEPTH = 3;
const MAX_READINGS = 100;
/** No more of a text is ever shown. */
const MAX_TEXT = 2048;

/** The names of HTML's characters that separate something in URLs, forms and JSON. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  excl: "!",
  num: "#",
  dollar: "$",
  percnt: "%",
  lpar: "(",
  rpar: ")",
  ast: "*",
  plus: "+",
  comma: ",",
  period: ".",
  sol: "/",
  colon: ":",
  semi: ";",
  equals: "=",
  quest: "?",
  commat: "@",
  lsqb: "[",
  bsol: "\\",
  rsqb: "]",
  hat: "^",
  lowbar: "_",
  grave: "`",
  lcub: "{",
  vert: "|",
  rcub: "}",
  tab: "\t",
  newline: "\n",
};

const character = (code: number) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "?");

const percentDecoded = (text: string) =>
  text.replace(/(?:[%=][0-9a-f]{2})+/gi, (run) => Buffer.from(run.replace(/[%=]/g, ""), "hex").toString("utf8"));

const htmlDecoded = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,7}));?/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    if (decimal !== undefined) return character(Number(decimal));
    return ENTITIES[(name ?? "").toLowerCase()] ?? whole;
  });

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", "0": "\0" };

const unescaped = (text: string) =>
  text.replace(
    /\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2})|([\s\S]))/gi,
    (_, braced?: string, four?: string, two?: string, one = "") => {
      const hex = braced ?? four ?? two;
      return hex === undefined ? (ESCAPES[one] ?? one) : character(Number.parseInt(hex, 16));
    },
  );

/** Base64 of a longer text has a secret at any of four places, and may be wrapped in lines. */
function base64Decoded(text: string): string[] {
  const runs = text.replace(/\s+/g, "").match(/[A-Za-z0-9+/_-]{4,}/g) ?? [];
  return [0, 1, 2, 3].map((start) => runs.map((run) => Buffer.from(run.slice(start), "base64").toString("utf8")).join(" "));
}

const hexDecoded = (text: string) =>
  (text.match(/(?:[0-9a-f]{2}){4,}/gi) ?? []).map((run) => Buffer.from(run, "hex").toString("utf8")).join(" ");

const readingsOf = (text: string): string[] => [
  percentDecoded(text),
  text.replaceAll("+", " "),
  htmlDecoded(text),
  unescaped(text),
  hexDecoded(text),
  ...base64Decoded(text),
];

/** Case and spaces are what encoders change. */
const folded = (text: string) => text.toLowerCase().replace(/\s+/g, "");

/** Whether a text says one of the secrets in some encoding, or in several on top of each other. */
function repeatsSecret(text: string, confidential: readonly string[]): boolean {
  const wanted = confidential.filter((value) => value.length >= MIN_LENGTH).map(folded);
  const seen = new Set([text]);
  let current = [text];
  for (let depth = 0; depth <= MAX_DEPTH && current.length > 0; depth += 1) {
    if (current.some((reading) => wanted.some((value) => value !== "" && folded(reading).includes(value)))) return true;
    const next: string[] = [];
    for (const reading of current.flatMap(readingsOf)) {
      if (reading === "" || seen.has(reading) || seen.size >= MAX_READINGS) continue;
      seen.add(reading);
      next.push(reading);
    }
    current = next;
  }
  return false;
}

const spellingsOf = (value: string): string[] => [
  value,
  value.replaceAll(" ", "+"),
  formEncode(value),
  encodeURIComponent(value),
  Buffer.from(value).toString("base64"),
  Buffer.from(value).toString("base64url"),
  JSON.stringify(value).slice(1, -1),
];

/**
 * Takes everything confidential out of a text that another server wrote, in case it repeats what it was sent. What it writes in
 * a form of its own (percent-, form-, base64-, hex-, JSON- or HTML-encoded, also twice) takes the whole text with it.
 */
export function redact(text: string, confidential: readonly string[]): string {
  // Longer ones first, so that no part of one stays when a shorter one stands in it.
  const longestFirst = [...new Set(confidential.flatMap(spellingsOf))].filter((value) => value !== "").sort((a, b) => b.length - a.length);
  const safe = longestFirst.reduce((rest, value) => rest.replaceAll(value, REDACTED), text.slice(0, MAX_TEXT));
  return repeatsSecret(safe, confidential) ? LEFT_OUT : safe;
}
