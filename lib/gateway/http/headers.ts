import { foldHeaderName } from "@/lib/definition/header-names";

/** Header names and values in turn, duplicates included: the form in which Node and undici carry them. */
export type HeaderList = string[];

const named = (name: string | undefined, lowerName: string) =>
  name !== undefined && name.length === lowerName.length && name.toLowerCase() === lowerName;

/** Every value of a header, in order. `lowerName` is in lower case. */
export function headerValues(headers: readonly string[], lowerName: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    if (named(headers[index], lowerName)) values.push(headers[index + 1] ?? "");
  }
  return values;
}

/** The first value of a header, or null. `lowerName` is in lower case. */
export function firstHeader(headers: readonly string[], lowerName: string): string | null {
  for (let index = 0; index < headers.length; index += 2) {
    if (named(headers[index], lowerName)) return headers[index + 1] ?? "";
  }
  return null;
}

/** Whether a backend or client that folds names could take one for the other. `folded` is a folded name. */
export const isSpelling = (name: string | undefined, folded: string) =>
  // Folding keeps the length, and most names differ in it already.
  name !== undefined && name.length === folded.length && foldHeaderName(name) === folded;

function isSpellingOfAny(name: string, foldedNames: readonly string[]): boolean {
  for (const folded of foldedNames) if (isSpelling(name, folded)) return true;
  return false;
}

/** Takes away, in place, every header that a folding reader could take for one of these. Names are handed over folded. */
export function removeHeaders(headers: HeaderList, foldedNames: readonly string[]): void {
  let kept = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    if (isSpellingOfAny(name, foldedNames)) continue;
    headers[kept] = name;
    headers[kept + 1] = headers[index + 1] ?? "";
    kept += 2;
  }
  headers.length = kept;
}

/** Takes away, in place, every value of a header, under every spelling that a folding reader takes for it. */
export function removeHeader(headers: HeaderList, foldedName: string): void {
  for (let index = 0; index < headers.length; index += 2) {
    if (isSpelling(headers[index], foldedName)) {
      removeHeaders(headers, [foldedName]);
      return;
    }
  }
}

/** Leaves, in place, exactly one value of a header, and no other spelling of its name. */
export function setHeader(headers: HeaderList, name: string, value: string): void {
  removeHeader(headers, foldHeaderName(name));
  headers.push(name, value);
}

/** Adds a value to a header whose value is a comma-separated list, unless the value is in it already. */
export function addToList(headers: HeaderList, name: string, value: string): void {
  const wanted = value.toLowerCase();
  for (const present of headerValues(headers, name.toLowerCase())) {
    if (present.split(",").some((item) => item.trim() === "*" || item.trim().toLowerCase() === wanted)) return;
  }
  headers.push(name, value);
}
