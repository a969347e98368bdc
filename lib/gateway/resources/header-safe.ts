const escaped = (bytes: Iterable<number>) => [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

/** Half a surrogate pair, which UTF-8 has no bytes for, in the bytes that it would have. */
const halfPair = (unit: number) => [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];

/** A value as a header carries it: visible ASCII stays, all else and % are percent-encoded, so that two values never become one. */
export const headerSafe = (value: string) =>
  value.replace(/[^\x21-\x7e]|%/gu, (character) =>
    escaped(/^\p{Surrogate}$/u.test(character) ? halfPair(character.charCodeAt(0)) : Buffer.from(character)),
  );
