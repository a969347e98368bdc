/** Characters of templates, patterns and regular expressions, which flow paths can't contain. */
const NOTATION = /[{}<>^|[\]]/;
/** `.*`, `.+`, and a star without letters or digits on both sides: `*`, `**`, `*.json`, `items*`. */
const WILDCARD = /\.[*+]|(?<![\p{L}\p{N}])\*|\*(?![\p{L}\p{N}])/u;
/** Character classes such as `\d`. */
const CLASS = /\\[dDwWsSbBAzZ./-]/;
/** A parameter with a regular expression, a modifier or a hyphen: `:id(\d+)`, `:id?`, `:id*`, `:product-id`. */
const MODIFIED = /\/:[A-Za-z_][A-Za-z0-9_]*(?:[(?*+$-]|[^ -~])/;
/** A parameter inside a segment: `/Orders(:id)`, `/:from-:to`, `/report.:format`. After a letter or digit, the colon is a custom method's. */
const INNER = /[^/:\p{L}\p{N}_]:[A-Za-z_]/u;
/** Prefixes of regular expressions and exact paths in nginx, Kong and Apache APISIX. */
const PREFIX = /^\s*(?:\^?~\*?|=)\s*(?=[/^(])|^\s*\^/;
const ANCHORED_END = /.\$$/;
const DECODINGS_MAX = 3;

function decoded(path: string): string {
  let text = path;
  for (let round = 0; round < DECODINGS_MAX && text.includes("%"); round += 1) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  return text;
}

/** Whether a decoded path uses another product's notation. */
function isForeign(text: string): boolean {
  return [NOTATION, WILDCARD, CLASS, MODIFIED, INNER, PREFIX, ANCHORED_END].some((form) => form.test(text));
}

/** Markers during the translation: the rest of a path, a whole segment, and a parameter name. */
const REST = "\u0000rest";
const ANY = "\u0000any";
const NAMED = "\u0001";

const nameOf = (text: string) => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?![A-Za-z_])/, "_");
const named = (_: string, name: string) => NAMED + nameOf(name);

/** Replaces patterns for a segment or the rest of a path with markers. */
const withMarks = (text: string) =>
  text
    .replace(PREFIX, "")
    .replace(/^\^/, "")
    .replace(/\$$/, "")
    .replace(/\\([./-])/g, "$1")
    // :id(\d+), :id?, :product-id
    .replace(/(?<=\/):([A-Za-z_]\w*(?:-\w+)*)(?:\((?:[^()]|\([^()]*\))*\))?[?*+]?/g, named)
    // {proxy+}, {*path}, {path...}, [...slug], <path:rest>, *path; then {id}, {id:[0-9]+}, {id?}
    .replace(/\{\*{1,2}[\w-]*\}|\{[\w-]+(?:\+|\.{3})\}|\[\.{3}[\w-]+\]|<path:[\w-]+>/g, REST)
    .replace(/[$#]?\{([\w-]+)(?::(?:[^{}]|\{[^{}]*\})*)?\??\}/g, named)
    // (?<id>\d+), <id>, <int:id>; then [0-9]+, ([^/]+), \d+; then [id]
    .replace(/\(\?P?<([A-Za-z_]\w*)>(?:[^()[\]]|\[[^\]]*\])*\)/g, named)
    .replace(/<(?:\w+:)?([\w-]+)>/g, named)
    .replace(/\(?\[\^?[^\]]*\](?:[+*]|\{[^{}]*\})\)?|\(?\\[dws][+*]?\)?/gi, ANY)
    .replace(/\[([A-Za-z_][\w-]*)\]/g, named)
    .replace(/(?<=\/)\*\w+$/, REST)
    // /(.*), /.*, /**, /**/* at the end
    .replace(/\/?\(\.[*+]\)\??$|\/?\.[*+]$|(?<=\/)\*{1,}$|\/\*{2}\/\*$/, REST)
    .replace(/\(\.[*+]\)|\.[*+]/g, ANY);

/** Returns a parameter name that no other parameter of the path has, and takes it. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`;
  taken.add(unique);
  return unique;
}

/** Translates a path; null when a match can't express it. */
function translated(text: string): { path: string; isPrefix: boolean } | null {
  const marked = withMarks(text);
  const isPrefix = marked.endsWith(REST);
  const path = (isPrefix ? marked.slice(0, -REST.length) : marked).replace(/\/$/, "");
  const taken = new Set<string>();
  const segments: string[] = [];
  for (const segment of path.split("/").slice(1)) {
    // A parameter must start its segment; a remaining marker makes the translation fail.
    if (segment === "*" || segment === ANY) segments.push(`:${uniqueName("any", taken)}`);
    else {
      const [, name, suffix = ""] = new RegExp(`^${NAMED}(\\w+)(.*)$`).exec(segment) ?? [];
      segments.push(name === undefined ? segment : `:${uniqueName(name, taken)}${suffix}`);
    }
  }
  const written = `/${segments.join("/")}`;
  return [REST, ANY, NAMED].some((mark) => written.includes(mark)) || isForeign(written) ? null : { path: written, isPrefix };
}

/** A translated path, and whether it needs the operator `startsWith`. */
export type OurForm = { path: string; isPrefix: boolean } | null;

/**
 * Translates another product's notation, for example `/items/{id}` to `/items/:id`; null when a match can't express it, undefined
 * for a path without such notation. Encoded forms (`%7Bid%7D`) count.
 */
export function ourFormOf(path: string): OurForm | undefined {
  const text = decoded(path);
  return isForeign(text) ? translated(text) : undefined;
}
