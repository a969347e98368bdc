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

/** A text that shares this many characters in a row with a secret repeats a part of it. */
const PART_LENGTH = 8;

/** Fewer letters are in many texts by chance. */
const MIN_LETTERS = 6;
/** Stands for a secret that was cut out: characters on either side of it don't belong together. */
const CUT = "\uffff";

const withoutUnseen = (text: string) => text.normalize("NFKC").replace(/[\s+\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, "");

/** Case, spaces, and characters that nobody sees are what encoders and people change; `+` can be a space. */
function folded(text: string): string {
  let fold = withoutUnseen(text);
  for (let depth = 0; depth < MAX_DEPTH && fold.includes("%"); depth += 1) fold = withoutUnseen(percentDecoded(fold));
  return fold.toLowerCase();
}

/** What remains if anything else stands between the characters. */
const lettersOf = (fold: string) => fold.replace(/[^\p{L}\p{N}\uffff]+/gu, "");

const reversed = (text: string) => [...text].reverse().join("");

/** What a text must not contain, folded. */
interface Forbidden {
  /** Short secrets. */
  wholes: readonly string[];
  /** All parts of the others. */
  parts: ReadonlySet<string>;
  /** Secrets without signs: anything may stand between their letters. */
  letters: readonly string[];
}

function forbiddenOf(confidential: readonly string[]): Forbidden {
  const wholes: string[] = [];
  const parts = new Set<string>();
  const letters: string[] = [];
  for (const value of confidential) {
    if (value.length < MIN_LENGTH) continue;
    const fold = folded(value);
    const bare = lettersOf(fold);
    for (const text of [fold, reversed(fold)]) {
      for (let start = 0; start + PART_LENGTH <= text.length; start += 1) parts.add(text.slice(start, start + PART_LENGTH));
    }
    if (fold !== "" && fold.length < PART_LENGTH) wholes.push(fold, reversed(fold));
    if (bare.length >= MIN_LETTERS) letters.push(bare, reversed(bare));
  }
  return { wholes, parts, letters };
}

function isForbidden(reading: string, { wholes, parts, letters }: Forbidden): boolean {
  const text = reading.replaceAll(REDACTED, CUT);
  for (const fold of [folded(text), folded(reversed(text))]) {
    if (wholes.some((whole) => fold.includes(whole))) return true;
    for (let start = 0; start + PART_LENGTH <= fold.length; start += 1) if (parts.has(fold.slice(start, start + PART_LENGTH))) return true;
    const said = lettersOf(fold);
    if (letters.some((whole) => said.includes(whole))) return true;
  }
  return false;
}

/** Whether a text says a secret, or a part of one, in some encoding, or in several on top of each other. */
function repeatsSecret(text: string, confidential: readonly string[]): boolean {
  const forbidden = forbiddenOf(confidential);
  const seen = new Set([text]);
  let current = [text];
  for (let depth = 0; depth <= MAX_DEPTH && current.length > 0; depth += 1) {
    if (current.some((reading) => isForbidden(reading, forbidden))) return true;
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
 * a form of its own (percent-, form-, base64-, hex-, JSON- or HTML-encoded, also twice, reversed, or spaced), and a part of eight
 * characters or more, takes the whole text with it.
 */
export function redact(text: string, confidential: readonly string[]): string {
  // Longer ones first, so that no part of one stays when a shorter one stands in it.
  const longestFirst = [...new Set(confidential.flatMap(spellingsOf))].filter((value) => value !== "").sort((a, b) => b.length - a.length);
  const safe = longestFirst.reduce((rest, value) => rest.replaceAll(value, REDACTED), text.slice(0, MAX_TEXT));
  return repeatsSecret(safe, confidential) ? LEFT_OUT : safe;
}
