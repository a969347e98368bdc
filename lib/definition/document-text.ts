import { Composer, type CST, type Document, isMap, isScalar, Lexer, LineCounter, Parser, type Scalar, visit } from "yaml";
import { duplicateKeys } from "./duplicate-keys";

/** Definitions nest about 12 levels; parsing recurses per level. */
const YAML_DEPTH_MAX = 100;
/** Parsing time depends on tokens; a definition of 25,000 lines has this many. */
const YAML_TOKENS_MAX = 200_000;
/** Every alias searches the document for its anchor. */
const YAML_ALIASES_MAX = 100;

/** Maximum values after expanding aliases and merge keys. */
const YAML_EXPANDED_MAX = 200_000;

/** How YAML numbers are read: as numbers, or as written, for example 1.10. */
export interface YamlOptions {
  numbers?: "asWritten";
  /** Root keys whose plain values are always text. */
  textKeys?: readonly string[];
  /** Rejects duplicate keys in JSON. YAML always rejects them. */
  uniqueKeys?: boolean;
}

/** The syntax tree of a YAML text; a string when it exceeds a limit. */
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
    // The parser has its own stack, but later stages recurse.
    if (parser.stack.length > YAML_DEPTH_MAX) return "The document is nested too deeply.";
    if (lexeme.startsWith("*")) aliases += 1;
    if (aliases > YAML_ALIASES_MAX) return "The document uses too many YAML aliases. Replace them with their values.";
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The first duplicate key of a map. The library's own check is quadratic. */
function findDuplicateKey(document: Document.Parsed): Scalar | undefined {
  let duplicate: Scalar | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          duplicate = key;
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return duplicate;
}

/** Whether a value contains at most `max` values, each counted as often as it's reached. */
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

/** Restores the written text of some root values. */
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
    // YAML 1.1 merge keys (`<<`), which exports of other tools use.
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
  // The library only warns of unknown tags, but they have no meaning here.
  const [error] = [...document.errors, ...document.warnings];
  if (error) return `The document is neither JSON nor YAML: ${error.message}${at(error.pos[0])}`;
  const duplicate = findDuplicateKey(document);
  if (duplicate)
    return `The document is neither JSON nor YAML: the key ${String(duplicate.value)} appears twice in a map${at(duplicate.range?.[0])}`;
  if (!documents.next().done) return "The text has several YAML documents. Send one at a time.";
  keepText(document, options.textKeys ?? []);
  try {
    const value: unknown = document.toJS({ maxAliasCount: YAML_ALIASES_MAX });
    if (isWithin(value, YAML_EXPANDED_MAX)) return { value };
  } catch {
    // Thrown for nested aliases beyond the limit and for merge keys without a map.
  }
  return "The document uses too many YAML aliases, or a merge key without a map. Replace them with their values.";
}

/**
 * Parses JSON or YAML; returns the error with line and column as a string. Limits are checked before composing YAML, so a small
 * document can't exhaust memory, time or the stack.
 */
export function readJsonOrYaml(text: string, options: YamlOptions = {}): { value: unknown } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return readYaml(text, options);
  }
  const [duplicate] = options.uniqueKeys ? duplicateKeys(text) : [];
  return duplicate ? `${duplicate.path}: ${duplicate.message}` : { value };
}
