/**
 * Whether a value is a number that JSON was read to without becoming another: whole numbers beyond 2^53 are rounded, so that two
 * users whose numbers are neighbors would be one.
 */
export const isExact = (value: unknown): value is number =>
  typeof value === "number" && (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value));
