const UTF_16LE = new TextDecoder("utf-16le");
const UTF_16BE = new TextDecoder("utf-16be");
/** It drops a byte-order mark of UTF-8, which RFC 8259, 8.1 allows a parser to ignore. */
const UTF_8 = new TextDecoder("utf-8");

/**
 * Decodes the bytes of a JSON or form body. It reads UTF-8, and UTF-16 when a byte-order mark or the zero byte beside the first
 * ASCII character shows it (RFC 4627, 3), as .NET writes it. The mark is not part of the text.
 */
export function bodyText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return UTF_16LE.decode(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)) return UTF_16BE.decode(bytes);
  return UTF_8.decode(bytes);
}
