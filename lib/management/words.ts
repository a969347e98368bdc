/** Joins words for a sentence: `a, b and c`. */
export function inWords(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Returns the names of the properties that a patch changes. */
export function changedWords<K extends string>(
  patch: { readonly [P in NoInfer<K>]?: unknown },
  stored: { readonly [P in NoInfer<K>]: unknown },
  words: Readonly<Record<K, string>>,
): string[] {
  const keys = Object.keys(words) as K[];
  return keys.filter((key) => patch[key] !== undefined && !isSame(patch[key], stored[key])).map((key) => words[key]);
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
