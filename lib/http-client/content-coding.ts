import { promisify } from "node:util";
import * as zlib from "node:zlib";

/** A response body that can't be decoded. The message names the coding and contains nothing of the body. */
export class UnreadableBody extends Error {
  override name = "UnreadableBody";
}

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const inflate: Decoder = promisify(zlib.inflate);
const inflateRaw: Decoder = promisify(zlib.inflateRaw);

/** RFC 1950, 2.2: the compression method and the header checksum. */
const hasZlibHeader = ([first = 0, second = 0]: Uint8Array) => (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;

/** "deflate" is the zlib format (RFC 9110, 8.4.1.2); some servers omit its header. */
const deflate: Decoder = (bytes, options) => (hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options);

const gunzip: Decoder = promisify(zlib.gunzip);

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", deflate],
  ["br", promisify(zlib.brotliDecompress)],
]);

type ZstdDecompress = (
  bytes: Uint8Array,
  options: { maxOutputLength: number },
  callback: (error: Error | null, decoded: Uint8Array) => void,
) => void;

/** Available since Node 22.15. */
const zstd = (zlib as { zstdDecompress?: ZstdDecompress }).zstdDecompress;

function decoderOf(coding: string): Decoder | undefined {
  if (coding === "zstd" && zstd) return promisify(zstd);
  return DECODERS.get(coding);
}

/** `Content-Encoding` values of uncoded bodies, including common mistakes. */
const PLAIN: ReadonlySet<string> = new Set(["", "identity", "none", "utf-8", "utf8"]);

/** Maximum stacked codings, because each could be a decompression bomb. */
const MAX_CODINGS = 3;

const isTooLarge = (error: unknown) => error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";

/**
 * Decodes the content codings of a body (RFC 9110, 8.4), the last one first. Returns null above `maxBytes` without decoding further.
 * @throws UnreadableBody when a coding is unknown or the body doesn't match it.
 */
export async function decodeBody(body: Uint8Array, contentEncoding: string, maxBytes: number): Promise<Uint8Array | null> {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => !PLAIN.has(coding));
  if (codings.length > MAX_CODINGS) throw new UnreadableBody(`a body in ${codings.length} content codings`);
  let decoded = body;
  for (const coding of codings.reverse()) {
    const decode = decoderOf(coding);
    // The name comes from the server, so it's sanitized.
    if (!decode) throw new UnreadableBody(`a body in the content coding ${coding.replace(/[^a-z0-9-]/g, "?").slice(0, 20)}`);
    // Empty bodies, for example of errors, often have the header too.
    if (decoded.length === 0) return decoded;
    try {
      decoded = await decode(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      if (isTooLarge(error)) return null;
      throw new UnreadableBody(`a body that isn't valid ${coding}`);
    }
  }
  return decoded;
}
