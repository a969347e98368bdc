import { Composer, type CST, type Document, isMap, isScalar, Lexer, LineCounter, Parser, type Scalar, visit } from "yaml";
import { duplicateKeys } from "./duplicate-keys";

/** A definition nests about a dozen levels; parsing recurses once per level. */
const YAML_DEPTH_MAX = 100;
/** Tokens are what parsing costs time for: a definition of 25,000 lines has this many. */
const YAML_TOKENS_MAX = 200_000;
/** Every alias searches the document for its anchor. */
const YAML_ALIASES_MAX = 100;

/** How many values aliases and merge keys may unfold into. */
const YAML_UNFOLDED_MAX = 200_000;

/** How the numbers of YAML are read: as numbers, or as text that keeps what stands there, such as 1.10. */
export interface YamlOptions {
  numbers?: "asWritten";
  /** Keys of the document's root whose plain values are text, whatever YAML takes them for. */
  textKeys?: readonly string[];
  /** JSON with a key twice is refused, as YAML with one always is. */
  uniqueKeys?: boolean;
}

/** The syntax tree of a YAML text, or why it would cost too much to read. */
function yamlTokens(text: string, lines: LineCounter): CST.Token[] | string {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  let aliases = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    if (count > YAML_TOKENS_MAX) return "The document is too long for YAML. Send it as JSON.";
    // The parser keeps its own stack and does not recurse, unlike everything that comes after it.
    if (parser.stack.length > YAML_DEPTH_MAX) return "The document is nested too deeply.";
    if (lexeme.startsWith("*")) aliases += 1;
    if (aliases > YAML_ALIASES_MAX) return "The document uses too many YAML aliases. Write the values out.";
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The first key that stands twice in a map. The library's own check compares every key with every other one. */
function keyTwice(document: Document.Parsed): Scalar | undefined {
  let twice: Scalar | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          twice = key;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return twice;
}

/** Whether a value has at most so many others in it, each counted as often as it is reached. */
function isWithin(value: unknown, max: number): boolean {
  const sizes = new Map<object, number>();
  const sizeOf = (current: unknown): number => {
    if (current === null || typeof current !== "object") return 1;
    const known = sizes.get(current);
    if (known !== undefined) return known;
    let size = 1;
    for (const key of Object.keys(current)) size = Math.min(max + 1, size + sizeOf(Reflect.get(current, key)));
    sizes.set(current, size);
    return size;
  };
  return sizeOf(value) <= max;
}

const NUMBER_TAGS: ReadonlySet<string> = new Set(["tag:yaml.org,2002:int", "tag:yaml.org,2002:float"]);

/** Turns the plain values of some keys of the root back into what stands there. */
function keepText(document: Document.Parsed, keys: readonly string[]): void {
  if (!isMap(document.contents)) return;
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || !keys.includes(String(key.value)) || !isScalar(value)) continue;
    if (["number", "bigint", "boolean"].includes(typeof value.value) && value.source !== undefined) value.value = value.source;
  }
}

function readYaml(text: string, options: YamlOptions): { value: unknown } | string {
  const lines = new LineCounter();
  const tokens = yamlTokens(text, lines);
  if (typeof tokens === "string") return tokens;
  const documents = new Composer({
    uniqueKeys: false,
    stringKeys: true,
    // YAML 1.1's `<<`, which exports of other tools use.
    merge: true,
    ...(options.numbers === "asWritten"
      ? { customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !NUMBER_TAGS.has(tag.tag)) }
      : {}),
  }).compose(tokens, true, text.length);
  const document = documents.next().value;
  if (!document) return "The document is empty.";
  const at = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return ` at line ${line}, column ${col}.`;
  };
  // A tag that is not YAML's own is no more than a warning to the library, but nothing of ours has a meaning for it.
  const [error] = [...document.errors, ...document.warnings];
  if (error) return `The document is neither JSON nor YAML: ${error.message}${at(error.pos[0])}`;
  const twice = keyTwice(document);
  if (twice) return `The document is neither JSON nor YAML: the key ${String(twice.value)} stands twice in a map${at(twice.range?.[0])}`;
  if (!documents.next().done) return "The text holds several YAML documents. Send one at a time.";
  keepText(document, options.textKeys ?? []);
  try {
    const value: unknown = document.toJS({ maxAliasCount: YAML_ALIASES_MAX });
    if (isWithin(value, YAML_UNFOLDED_MAX)) return { value };
  } catch {
    // The library counts what aliases of aliases unfold into; it also throws where a merge key merges no map.
  }
  return "The document uses too many YAML aliases, or merges what is not a map. Write the values out.";
}

/**
 * Reads a text, JSON or YAML, or says what is wrong with it, with the line and the column. What YAML may cost is bounded before
 * it is composed, so that a few lines neither unfold into gigabytes nor keep the process from answering, nor exhaust its stack.
 */
export function readJsonOrYaml(text: string, options: YamlOptions = {}): { value: unknown } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readYaml(text, options);
  }
  const [twice] = options.uniqueKeys ? duplicateKeys(text) : [];
  return twice ? `${twice.path}: ${twice.message}` : { value };
}
