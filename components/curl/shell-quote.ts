/**
 * Quotes a text as one word of a POSIX shell, so that `printf %s <word>` gives it back as it was.
 * Plain words stay as they are, because a command that is read should not be full of quotes.
 * @throws RangeError for a NUL, which no shell word can hold
 */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new RangeError("A shell word cannot hold a NUL character.");
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
