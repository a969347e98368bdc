/** A value as a header carries it: visible ASCII stays, all else and % are percent-encoded, so that two values never become one. */
export const headerSafe = (value: string) =>
  value.replace(/[^\x21-\x7e]|%/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
