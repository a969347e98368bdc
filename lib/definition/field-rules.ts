import { z } from "zod";
import type { FieldMeta } from "./registry";

const MASK = /^[*•]+$/;

/**
 * A write-only string. Reads and exports leave it out; blank or absent on a write keeps what is stored.
 * A value made only of mask characters is refused, because it is what a form shows and never what a person means.
 */
export function secretField(meta: FieldMeta & { title: string; sentTo: readonly string[] }, maxLength = 4096) {
  return z
    .string()
    .max(maxLength, `A secret has at most ${maxLength} characters.`)
    .refine((value) => !MASK.test(value), {
      message: "This is a mask, not a secret. Leave the field out to keep what is stored, or enter the new value.",
    })
    .optional()
    .meta({ ...meta, secret: true });
}

/** Says what is wrong with a URL that a gateway is to call, or nothing. */
export function urlProblem(value: string): string | undefined {
  // Parsers of URLs drop or turn these, so people would read another host than the one that is called.
  if (/[\\\s\p{Cc}]/u.test(value)) return "Leave spaces, backslashes and control characters out of the URL.";
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return "This is not a URL. Write it whole, for example https://orders.internal/v2.";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return "The URL starts with http:// or https://.";
  if (!/^https?:\/\/[^/]/i.test(value)) return "Write the URL with two slashes after the colon, for example https://orders.internal/v2.";
  if (url.username || url.password) return "Leave the user name and password out of the URL.";
  if (url.hash || value.includes("#")) return "Leave the fragment (# and what follows) out of the URL.";
  return undefined;
}

/** An http or https URL, without credentials and fragment, that gateways call. */
export function httpUrl(meta: FieldMeta, options: { query?: boolean } = {}) {
  return z
    .string()
    .max(2048, "A URL has at most 2048 characters.")
    .superRefine((value, context) => {
      const problem =
        urlProblem(value) ?? (!options.query && value.includes("?") ? "Leave the query (? and what follows) out of the URL." : undefined);
      if (problem) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ ...meta, called: true });
}

/** RFC 9110, section 5.6.2: the characters of a header name. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A header name, kept as typed. */
export function headerName(meta: FieldMeta = {}) {
  return z
    .string()
    .min(1, "Name the header.")
    .max(200, "A header name has at most 200 characters.")
    .regex(TOKEN, "A header name has letters, digits and - only, without spaces or colons.")
    .meta({ ...meta });
}

/** RFC 6749, section 3.3: the characters of a scope token. */
export function scopeName() {
  return z
    .string()
    .min(1, "Name the scope.")
    .max(200, "A scope has at most 200 characters.")
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'A scope has no spaces, quotes (") or backslashes.');
}

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;
const MAX_CERTIFICATES = 50;

/** Where there is Node, its parser has the last word. A browser, which only checks for its user's sake, has none. */
export const nodeCrypto = () => globalThis.process?.getBuiltinModule?.("node:crypto");

function isCertificate(block: string, base64: string): boolean {
  const compact = base64.replace(/\s/g, "");
  // A certificate is an ASN.1 SEQUENCE of more than 127 bytes, which is how each begins.
  if (!/^MI[GHI][A-Za-z0-9+/]+={0,2}$/.test(compact) || compact.length % 4 !== 0) return false;
  try {
    const crypto = nodeCrypto();
    return crypto === undefined || new crypto.X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/** Says what is wrong with PEM certificates, or nothing. */
export function certificatesProblem(pem: string): string | undefined {
  const blocks = [...pem.matchAll(PEM_BLOCK)];
  const begun = pem.match(/-----BEGIN /g)?.length ?? 0;
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) return "Only certificates belong here. Leave the private key out.";
  if (begun === 0) return "Paste certificates in PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
  if (blocks.length !== begun)
    return "A certificate is cut short: each begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.";
  if (blocks.length > MAX_CERTIFICATES) return `At most ${MAX_CERTIFICATES} certificates.`;
  const wrong = blocks.findIndex(([block, label, base64 = ""]) => label !== "CERTIFICATE" || !isCertificate(block, base64));
  if (wrong === -1) return undefined;
  return `${blocks.length === 1 ? "This" : `Number ${wrong + 1} of these`} is not a certificate that can be read.`;
}

/** One or more certificates in PEM. They are public: no secrets. What stands around them, such as a bundle's comments, is ignored. */
export function pemCertificates(meta: FieldMeta) {
  return z
    .string()
    .max(200_000, "At most 200,000 characters.")
    .superRefine((value, context) => {
      const problem = certificatesProblem(value);
      if (problem) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ ...meta });
}
