/** Characters that stand for themselves in no path of ours: templates, patterns and regular expressions are written with them. */
const NOTATION = /[{}<>^|[\]]/;
/** `.*`, `.+`, and a star that no letters or digits surround: `*`, `**`, `*.json`, `items*`. */
const WILDCARD = /\.[*+]|(?<![\p{L}\p{N}])\*|\*(?![\p{L}\p{N}])/u;
/** `\d` and the like. A backslash before anything else is a mistake of another kind. */
const CLASS = /\\[dDwWsSbBAzZ./-]/;
/** A parameter with a regular expression, a modifier or a hyphen: `:id(\d+)`, `:id?`, `:id*`, `:product-id`. */
const MODIFIED = /\/:[A-Za-z_][A-Za-z0-9_]*(?:[(?*+$-]|[^ -~])/;
/** A parameter that starts inside a segment: `/Orders(:id)`, `/:from-:to`, `/report.:format`. Behind a letter or digit the colon is a custom method's. */
const INNER = /[^/:\p{L}\p{N}_]:[A-Za-z_]/u;
/** How nginx, Kong and Apache APISIX begin a regular expression, or an exact path. */
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

/** Whether a path, however encoded, is written as another product writes a pattern. */
function isForeign(text: string): boolean {
  return [NOTATION, WILDCARD, CLASS, MODIFIED, INNER, PREFIX, ANCHORED_END].some((form) => form.test(text));
}

/** Marks while a path is translated: the rest of a path, one whole segment, and the name of a parameter that follows. */
const REST = "\u0000rest";
const ANY = "\u0000any";
const NAMED = "\u0001";

const nameOf = (text: string) => text.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?![A-Za-z_])/, "_");
const named = (_: string, name: string) => NAMED + nameOf(name);

/** Replaces whatever stands for a segment, or for the rest of a path, by a mark. */
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

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name}_${number}`;
  taken.add(unique);
  return unique;
}

/** A path in another product's notation as it is written here, or null where a match cannot say it. */
function translated(text: string): { path: string; isPrefix: boolean } | null {
  const marked = withMarks(text);
  const isPrefix = marked.endsWith(REST);
  const path = (isPrefix ? marked.slice(0, -REST.length) : marked).replace(/\/$/, "");
  const taken = new Set<string>();
  const segments: string[] = [];
  for (const segment of path.split("/").slice(1)) {
    // A parameter starts its segment: a mark further on stays, and then there is no form.
    if (segment === "*" || segment === ANY) segments.push(`:${uniqueName("any", taken)}`);
    else {
      const [, name, suffix = ""] = new RegExp(`^${NAMED}(\\w+)(.*)$`).exec(segment) ?? [];
      segments.push(name === undefined ? segment : `:${uniqueName(name, taken)}${suffix}`);
    }
  }
  const written = `/${segments.join("/")}`;
  return [REST, ANY, NAMED].some((mark) => written.includes(mark)) || isForeign(written) ? null : { path: written, isPrefix };
}

/** What a path in another product's notation is called here: a path, and whether the operator has to be `startsWith`. */
export type OurForm = { path: string; isPrefix: boolean } | null;

/**
 * The form of ours that stands for a path in another product's notation, such as `/items/:id` for `/items/{id}`; null where a
 * match cannot say the same. Undefined when the path is in no such notation. Encoded forms (`%7Bid%7D`) count.
 */
export function ourFormOf(path: string): OurForm | undefined {
  const text = decoded(path);
  return isForeign(text) ? translated(text) : undefined;
}
