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

/** Takes away, in place, every header for which the test holds. Names are handed over in lower case. */
export function removeHeadersWhere(headers: HeaderList, test: (lowerName: string, value: string) => boolean): void {
  let kept = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? "";
    const value = headers[index + 1] ?? "";
    if (test(name.toLowerCase(), value)) continue;
    headers[kept] = name;
    headers[kept + 1] = value;
    kept += 2;
  }
  headers.length = kept;
}

/** Takes away, in place, every value of a header. `lowerName` is in lower case. */
export function removeHeader(headers: HeaderList, lowerName: string): void {
  for (let index = 0; index < headers.length; index += 2) {
    if (named(headers[index], lowerName)) {
      removeHeadersWhere(headers, (name) => name === lowerName);
      return;
    }
  }
}

/** Leaves, in place, exactly one value of a header. */
export function setHeader(headers: HeaderList, name: string, value: string): void {
  removeHeader(headers, name.toLowerCase());
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
