const UTF_16LE = new TextDecoder("utf-16le");
const UTF_16BE = new TextDecoder("utf-16be");
/** Removes a UTF-8 byte-order mark, as RFC 8259, 8.1 allows. */
const UTF_8 = new TextDecoder("utf-8");

/**
 * Decodes a JSON or form body: UTF-8, or UTF-16 (as .NET writes it) when a byte-order mark or a zero byte beside the first ASCII
 * character shows it (RFC 4627, 3). The mark is removed.
 */
export function bodyText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return UTF_16LE.decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)) return UTF_16BE.decode(bytes);
  return UTF_8.decode(bytes);
}
