/** Removes the zone of an IPv6 address. */
export const withoutZone = (address: string): string => address.replace(/%.*$/, "");

/** The eight 16-bit groups of an IPv6 address without a zone. */
export function groupsOf(address: string): number[] {
  const { hostname } = new URL(`http://[${address}]/`);
  const [left = "", right] = hostname.slice(1, -1).split("::");
  const numbers = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const before = numbers(left);
  const after = right === undefined ? [] : numbers(right);
  return right === undefined ? before : [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
