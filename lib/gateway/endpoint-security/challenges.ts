/** A challenge of a `WWW-Authenticate` header (RFC 9110, 11.6.1). */
export interface Challenge {
  /** Lowercase. */
  scheme: string;
  /** By lowercase name. */
  parameters: ReadonlyMap<string, string>;
}

/** Longer headers are ignored, in characters. */
const MAX_LENGTH = 16_384;

const SPACE = /[ \t]*/y;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;

/** Reads a header value from left to right. */
class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** Takes the character if it comes next. */
  takeCharacter(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Takes spaces and commas: list elements can be empty (RFC 9110, 5.6.1). */
  takeSeparators(): void {
    do this.take(SPACE);
    while (this.takeCharacter(","));
  }

  /** Takes `name=value`, where the value is a token or a quoted string. Returns null if something else comes next. */
  takeParameter(): [string, string] | null {
    const start = this.#at;
    const name = this.take(TOKEN)?.[0];
    this.take(SPACE);
    if (name !== undefined && this.takeCharacter("=")) {
      this.take(SPACE);
      const quoted = this.take(QUOTED);
      const value = quoted ? (quoted[1] ?? "").replace(/\\([\s\S])/g, "$1") : this.take(TOKEN)?.[0];
      if (value !== undefined) return [name.toLowerCase(), value];
    }
    this.#at = start;
    return null;
  }
}

/** Takes parameters such as `a=1, b="2"`. Returns null if a name is duplicated, because parsers differ on which one counts. */
function takeParameters(reader: Reader): Map<string, string> | null {
  const parameters = new Map<string, string>();
  let isTwice = false;
  for (let next = reader.takeParameter(); next; next = reader.takeParameter()) {
    isTwice ||= parameters.has(next[0]);
    parameters.set(...next);
    reader.takeSeparators();
  }
  return isTwice ? null : parameters;
}

/**
 * Parses the challenges of all headers, in order. A syntax error skips the rest of its header; a challenge with a duplicate
 * parameter is omitted.
 */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const challenges: Challenge[] = [];
  for (const header of headers) {
    if (header.length > MAX_LENGTH) continue;
    const reader = new Reader(header);
    for (reader.takeSeparators(); !reader.isAtEnd; reader.takeSeparators()) {
      const scheme = reader.take(TOKEN)?.[0]?.toLowerCase();
      if (scheme === undefined) break;
      reader.take(SPACE);
      const parameters = takeParameters(reader);
      // Instead of parameters, a scheme such as NTLM can have a token68.
      if (parameters?.size === 0) reader.take(TOKEN68);
      if (parameters) challenges.push({ scheme, parameters });
    }
  }
  return challenges;
}

/** Parses the parameters of an `Authentication-Info` header (RFC 7615, 3), by lowercase name. */
export function parseParameters(header: string): ReadonlyMap<string, string> {
  if (header.length > MAX_LENGTH) return new Map();
  const reader = new Reader(header);
  reader.takeSeparators();
  return takeParameters(reader) ?? new Map();
}
