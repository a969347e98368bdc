/**
 * Quotes a text as one POSIX shell word: `printf %s <word>` prints it unchanged. Plain words stay unquoted for readability.
 * @throws RangeError for a NUL, which no shell word can hold
 */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new RangeError("A shell word can't contain a NUL character.");
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
