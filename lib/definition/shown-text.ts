/** Line breaks, terminal escapes and other controls (Cc, Zl, Zp), overrides of the direction (UAX 9), and tag characters. */
const DECEPTIVE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;
const LINE_BREAKS = /[\t\n\r]/g;
/** Letters, digits, punctuation, symbols: something that a reader sees. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * Says what is wrong with a name or a label, which lists, logs, activity and exported commands repeat in one line; or nothing.
 * An empty text is none of its business.
 */
export function nameProblem(text: string): string | undefined {
  if (DECEPTIVE.test(text)) return "Leave out line breaks, control characters and characters that change the direction of text.";
  return text !== "" && !VISIBLE.test(text) ? "Give at least one character that can be seen." : undefined;
}

/** The same for a text of several lines. */
export const descriptionProblem = (text: string): string | undefined =>
  DECEPTIVE.test(text.replace(LINE_BREAKS, ""))
    ? "Leave out control characters and characters that change the direction of text."
    : undefined;
