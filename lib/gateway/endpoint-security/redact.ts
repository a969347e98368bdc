import { formEncode } from "./form-encode";

/** Replaces a secret. */
const REDACTED = "[secret]";
/** Replaces a text that repeats a secret in a form that can't be cut out. */
const OMITTED = "[omitted: repeats a secret]";

/** Shorter secrets match too many texts by chance. */
const MIN_LENGTH = 4;
/** Nested encodings to decode; deeper ones don't occur by accident. */
const MAX_DEPTH = 3;
const MAX_READINGS = 100;
/** Maximum length of shown texts, in characters. */
const MAX_TEXT = 2048;

/** HTML entities of the separators in URLs, forms, and JSON. */
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

/** In base64, a secret can start at four alignments, and lines may be wrapped. */
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

/** A text that shares this many consecutive characters with a secret repeats part of it. */
const PART_LENGTH = 8;

/** Fewer letters match too many texts by chance. */
const MIN_LETTERS = 6;
/** Marks a removed secret, so the text on its two sides isn't joined. */
const CUT = "\uffff";

const withoutUnseen = (text: string) => text.normalize("NFKC").replace(/[\s+\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu, "");

/** Removes what encoders change: case, spaces, and invisible characters; `+` can be a space. */
function folded(text: string): string {
  let fold = withoutUnseen(text);
  for (let depth = 0; depth < MAX_DEPTH && fold.includes("%"); depth += 1) fold = withoutUnseen(percentDecoded(fold));
  return fold.toLowerCase();
}

/** Removes everything but letters and digits. */
const lettersOf = (fold: string) => fold.replace(/[^\p{L}\p{N}\uffff]+/gu, "");

const reversed = (text: string) => [...text].reverse().join("");

/** Folded strings that a text must not contain. */
interface Forbidden {
  /** Short secrets. */
  wholes: readonly string[];
  /** All parts of longer secrets. */
  parts: ReadonlySet<string>;
  /** Secrets of letters and digits only, to find them with anything in between. */
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

/** Whether a text contains a secret or part of one, in any encoding, nested ones included. */
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
 * Removes secrets from an external server's text, which may repeat what it was sent. The whole text is omitted if it contains
 * an encoded secret (percent, form, base64, hex, JSON, or HTML, also nested, reversed, or spaced), or 8 characters of one.
 */
export function redact(text: string, confidential: readonly string[]): string {
  // Longest first: replacing a contained secret first would leave parts of the longer one.
  const longestFirst = [...new Set(confidential.flatMap(spellingsOf))].filter((value) => value !== "").sort((a, b) => b.length - a.length);
  const safe = longestFirst.reduce((rest, value) => rest.replaceAll(value, REDACTED), text.slice(0, MAX_TEXT));
  return repeatsSecret(safe, confidential) ? OMITTED : safe;
}
