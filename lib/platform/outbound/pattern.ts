/**
 * Whether a text matches a pattern, ignoring case: `*` matches any number of characters. The time is bounded by the product of both
 * lengths.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1;
  let resumeAt = 0;
  let index = 0;
  while (index < given.length) {
    if (at < wanted.length && wanted[at] === "*") {
      star = at;
      resumeAt = index;
      at += 1;
    } else if (at < wanted.length && wanted[at] === given[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      // Backtrack: the last star matches one more character.
      at = star + 1;
      resumeAt += 1;
      index = resumeAt;
    } else return false;
  }
  while (wanted[at] === "*") at += 1;
  return at === wanted.length;
}

/** Splits a list such as `localhost|*.internal, 10.0.0.*`; ignores spaces and empty patterns. */
export function patternsOf(list: string): string[] {
  return list
    .split(/[,|]/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
}
