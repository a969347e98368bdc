/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.6.1), or the parameters of a header like it. */
export interface Challenge {
  /** In lower case. */
  scheme: string;
  /** By name in lower case. */
  parameters: ReadonlyMap<string, string>;
}

/** More than this no server has to ask for. */
const MAX_LENGTH = 16_384;

const SPACE = /[ \t]*/y;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y;

/** Walks along a header's value. */
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

  /** Takes one character, if it is this one. */
  takeCharacter(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** Takes spaces, and commas if there are any: empty elements of lists are allowed (RFC 9110, section 5.6.1). */
  takeSeparators(): void {
    do this.take(SPACE);
    while (this.takeCharacter(","));
  }

  /** `name=value`, where a value is a token or a quoted string; what is no parameter is not taken. */
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

/** Takes `a=1, b="2"` as far as it goes; null when a name comes twice, which two readers would read differently. */
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
 * The challenges of any number of headers, each with any number of challenges, in order. What cannot be read ends its
 * header; a challenge that names a parameter twice is left out.
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
      // Without parameters there may be one piece of text, such as the answer of NTLM.
      if (parameters?.size === 0) reader.take(TOKEN68);
      if (parameters) challenges.push({ scheme, parameters });
    }
  }
  return challenges;
}

/** The parameters of an `Authentication-Info` header (RFC 7615, section 3), by name in lower case. */
export function parseParameters(header: string): ReadonlyMap<string, string> {
  if (header.length > MAX_LENGTH) return new Map();
  const reader = new Reader(header);
  reader.takeSeparators();
  return takeParameters(reader) ?? new Map();
}
