import { nestsTooDeeply } from "@/lib/http-client/json";

/** More than this of a claim or a server's text is not quoted. */
const MAX_LENGTH = 200;

/** Returns a value of a claim or of metadata as a reason quotes it: short, and without what could break a line of the log. */
export function shown(value: unknown): string {
  if (value === undefined) return "absent";
  if (nestsTooDeeply(value)) return "too deeply nested";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const printable = text.replace(/[^\x20-\x7e]/g, "?");
  return printable === "" ? "empty" : printable.length > MAX_LENGTH ? `${printable.slice(0, MAX_LENGTH)}…` : printable;
}

const withoutSlashes = (issuer: string) => issuer.replace(/\/+$/, "");

/** Says that two issuers differ, and how when it is easily overlooked: they are compared as text (RFC 8414, 3.3; RFC 9207, 2.4). */
export function issuerMismatch(whose: string, found: unknown, configured: string): string {
  const text = `${whose} names the issuer ${shown(found)}, and the resource's issuer is ${configured}`;
  if (typeof found !== "string") return `${text}.`;
  if (withoutSlashes(found) === withoutSlashes(configured)) return `${text}: they differ in the slash at the end.`;
  return found.toLowerCase() === configured.toLowerCase() ? `${text}: they differ in upper and lower case.` : `${text}.`;
}
