import { ManagementError } from "../errors";

/** The most that a definition or any other body of the management API may hold. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;

/**
 * Reads a body as UTF-8 text and stops as soon as it is too large.
 * @throws ManagementError 413 or 400
 */
export async function readText(request: Request, bytesMax = BODY_BYTES_MAX): Promise<string> {
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

/**
 * Reads a JSON body.
 * @throws ManagementError 400 with the place of the mistake, or 413
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ManagementError(400, `The body is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.`);
  }
}
