import { duplicateKeys } from "@/lib/definition/duplicate-keys";
import { invalid, ManagementError } from "../errors";

/** The most that a definition or any other body of the management API may hold. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;

/**
 * Reads a body as UTF-8 text and stops as soon as it is too large.
 * @throws ManagementError 413, 415 for a content coding, or 400
 */
export async function readText(request: Request, bytesMax = BODY_BYTES_MAX): Promise<string> {
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding !== "identity")
    throw new ManagementError(415, `The body has the content coding ${coding}. Send it without one.`, [], {
      "Accept-Encoding": "identity",
    });
  const tooLarge = () =>
    new ManagementError(413, `The body is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB. Split it or leave out what is not needed.`);
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > bytesMax) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new ManagementError(400, "The body is not UTF-8 text.");
  }
}

/** RFC 8259, and the structured suffix of RFC 6839. */
const JSON_TYPE = /^application\/(?:json|[a-z0-9!#$&^_.+-]+\+json)$/;

/** What a JSON value that is no object is called. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return { string: "text", number: "a number", boolean: "true or false" }[typeof value as string] ?? "something else";
}

/**
 * Reads a body that is one JSON object; an empty body is an empty one.
 * @throws ManagementError 400 with the place of the mistake, 413, or 415 for another media type
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type && !JSON_TYPE.test(type)) throw new ManagementError(415, `The body is sent as ${type}. Send Content-Type: application/json.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ManagementError(400, `The body is not JSON: ${error instanceof Error ? error.message : "it can't be read"}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid([{ path: "", message: `The body is ${nameOf(value)}. Send one JSON object: {…}.` }]);
  const twice = duplicateKeys(text);
  if (twice.length > 0) throw invalid(twice);
  return value;
}
