import { duplicateKeys } from "@/lib/definition/duplicate-keys";
import { invalid, ManagementError } from "../errors";

/** Maximum size of a request body, unless an operation sets its own. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;

/**
 * Reads a body as UTF-8 text, and stops at the size limit.
 * @throws ManagementError 413, 415 for a content coding, or 400
 */
export async function readText(request: Request, bytesMax = BODY_BYTES_MAX): Promise<string> {
  const coding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding !== "identity")
    throw new ManagementError(415, `Content-Encoding ${coding} isn't supported. Send the body uncompressed.`, [], {
      "Accept-Encoding": "identity",
    });
  const tooLarge = () => new ManagementError(413, `The body exceeds ${Math.floor(bytesMax / 1024 / 1024)} MB. Send a smaller one.`);
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
    throw new ManagementError(400, "The body isn't valid UTF-8. Encode it as UTF-8.");
  }
}

/** `application/json` (RFC 8259), or a `+json` suffix (RFC 6839). */
const JSON_TYPE = /^application\/(?:json|[a-z0-9!#$&^_.+-]+\+json)$/;

/** Names the type of a JSON value that isn't an object. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return { string: "a string", number: "a number", boolean: "a Boolean" }[typeof value as string] ?? "another type";
}

/**
 * Reads a body that is one JSON object. An empty body counts as `{}`.
 * @throws ManagementError 400 with the position of the error, 413, or 415 for another media type
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type && !JSON_TYPE.test(type)) throw new ManagementError(415, `Content-Type ${type} isn't supported. Send application/json.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ManagementError(400, `The body isn't valid JSON: ${error instanceof Error ? error.message : "unknown syntax error"}.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid([{ path: "", message: `The body is ${nameOf(value)}. Send one JSON object: {…}.` }]);
  const twice = duplicateKeys(text);
  if (twice.length > 0) throw invalid(twice);
  return value;
}
