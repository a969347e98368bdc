import { z } from "zod";
import type { FieldMeta } from "./registry";

const MASK = /^[*•]+$/;

/**
 * A write-only string. Reads and exports omit it; a blank or absent value in a write keeps the stored one. A value of mask
 * characters only is rejected.
 */
export function secretField(meta: FieldMeta & { title: string; sentTo: readonly string[] }, maxLength = 4096) {
  return z
    .string()
    .max(maxLength, `A secret has at most ${maxLength} characters.`)
    .refine((value) => !MASK.test(value), {
      message: "This is a mask, not a secret. Omit the field to keep the stored value, or enter a new one.",
    })
    .optional()
    .meta({ ...meta, secret: true });
}

/** Validates a URL that gateways call; undefined when it's valid. */
export function urlProblem(value: string): string | undefined {
  // URL parsers drop or convert these, so the called host could differ from the visible one.
  if (/[\\\s\p{Cc}]/u.test(value)) return "Remove spaces, backslashes and control characters from the URL.";
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return "This isn't a complete URL. Example: https://orders.internal/v2.";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return "The URL must start with http:// or https://.";
  if (!/^https?:\/\/[^/]/i.test(value)) return "Write the URL with two slashes after the colon, for example https://orders.internal/v2.";
  if (url.username || url.password) return "Remove the username and password from the URL.";
  if (url.hash || value.includes("#")) return "Remove the fragment (# and what follows) from the URL.";
  return undefined;
}

/** Refines a text by a rule that returns the problem, or nothing. */
export const obeys = (problemOf: (text: string) => string | undefined) => (value: string, context: z.core.$RefinementCtx) => {
  const message = problemOf(value);
  if (message) context.addIssue({ code: "custom", message });
};

/** An http or https URL that gateways call, without credentials and fragment. */
export function httpUrl(meta: FieldMeta, options: { query?: boolean } = {}) {
  return z
    .string()
    .max(2048, "A URL has at most 2048 characters.")
    .superRefine((value, context) => {
      const problem =
        urlProblem(value) ?? (!options.query && value.includes("?") ? "Remove the query (? and what follows) from the URL." : undefined);
      if (problem) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ ...meta, called: true });
}

/** RFC 9110, 5.6.2: the characters of a header name. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A header name. */
export function headerName(meta: FieldMeta = {}) {
  return z
    .string()
    .min(1, "Name the header.")
    .max(200, "A header name has at most 200 characters.")
    .regex(HEADER_NAME, "A header name has letters, digits and - only, without spaces or colons.")
    .meta({ ...meta });
}

/** RFC 6749, 3.3: a scope. */
export function scopeName() {
  return z
    .string()
    .min(1, "Name the scope.")
    .max(200, "A scope has at most 200 characters.")
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'A scope has no spaces, quotes (") or backslashes.');
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const MAX_CERTIFICATES = 50;

/** Node's crypto for strict parsing; undefined in a browser. */
export const nodeCrypto = () => globalThis.process?.getBuiltinModule?.("node:crypto");

function isCertificate(block: string, base64: string): boolean {
  const compact = base64.replace(/\s/g, "");
  // A certificate is an ASN.1 SEQUENCE of more than 127 bytes, hence the prefix.
  if (!/^MI[GHI][A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) return false;
  try {
    const crypto = nodeCrypto();
    return crypto === undefined || new crypto.X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/** Validates PEM certificates; undefined when they're valid. */
export function certificatesProblem(pem: string): string | undefined {
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  const begun = pem.match(/-----BEGIN /g)?.length ?? 0;
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) return "Enter certificates only. Remove the private key.";
  if (begun === 0) return "Paste certificates in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
  if (blocks.length !== begun)
    return "A certificate is incomplete: each starts with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.";
  if (blocks.length > MAX_CERTIFICATES) return `At most ${MAX_CERTIFICATES} certificates.`;
  const wrong = blocks.findIndex(([block, label, base64 = ""]) => label !== "CERTIFICATE" || !isCertificate(block, base64));
  if (wrong === -1) return undefined;
  return `${blocks.length === 1 ? "This certificate" : `Certificate ${wrong + 1}`} can't be read.`;
}

/** One or more PEM certificates, which aren't secret. Text around them, such as a bundle's comments, is ignored. */
export function pemCertificates(meta: FieldMeta) {
  return z
    .string()
    .max(200_000, "At most 200,000 characters.")
    .superRefine(obeys(certificatesProblem))
    .meta({ ...meta });
}
