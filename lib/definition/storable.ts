import { formatPath, type Problem } from "./problems";

/** A NUL, or half of a surrogate pair: no database, log or file stores these as text. */
const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed();

/** Every place of a value, keys included, that holds text which cannot be stored. */
export function unstorableText(value: unknown, path: readonly PropertyKey[] = []): Problem[] {
  if (typeof value === "string") {
    return isStorable(value)
      ? []
      : [{ path: formatPath(path), message: "The text has a NUL character or half of a character pair. Remove it." }];
  }
  if (value === null || typeof value !== "object") return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unstorableText(item, [...path, index]));
  return Object.entries(value).flatMap(([key, item]) =>
    isStorable(key)
      ? unstorableText(item, [...path, key])
      : [{ path: formatPath(path), message: "A key here has a NUL character or half of a character pair. Remove it." }],
  );
}
