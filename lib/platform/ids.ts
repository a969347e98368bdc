import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A new ID: the prefix, an underscore and 16 random characters (82 bits). */
export function newId(prefix: string): string {
  const limit = 256 - (256 % ALPHABET.length);
  let text = "";
  while (text.length < 16) {
    for (const byte of randomBytes(24)) {
      // Larger bytes would bias the distribution.
      if (byte < limit && text.length < 16) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return `${prefix}_${text}`;
}
