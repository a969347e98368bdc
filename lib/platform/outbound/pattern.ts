/**
 * Whether a text is what a pattern describes: `*` stands for any characters, also none; everything else for itself, whatever its
 * case. It takes no longer than both lengths multiplied, whatever they are made of.
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
      // The last star takes one character more.
      at = star + 1;
      resumeAt += 1;
      index = resumeAt;
    } else return false;
  }
  while (wanted[at] === "*") at += 1;
  return at === wanted.length;
}

/** The patterns of a list such as `localhost|*.internal, 10.0.0.*`. Spaces around them do not count, and neither do empty ones. */
export function patternsOf(list: string): string[] {
  return list
    .split(/[,|]/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "");
}
