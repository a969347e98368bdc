import { z } from "zod";
import type { FieldMeta } from "./registry";

const MASK = /^[*•]+$/;

/**
 * A write-only string. Reads and exports leave it out; blank or absent on a write keeps what is stored.
 * A value made only of mask characters is refused, because it is what a form shows and never what a person means.
 */
export function secretField(meta: FieldMeta & { title: string; sentTo: readonly string[] }) {
  return z
    .string()
    .max(4096, "A secret has at most 4096 characters.")
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

/** An http or https URL without credentials and fragment. */
export function httpUrl(meta: FieldMeta, options: { query?: boolean } = {}) {
  return z
    .string()
    .max(2048, "A URL has at most 2048 characters.")
    .superRefine((value, context) => {
      const problem =
        urlProblem(value) ?? (!options.query && value.includes("?") ? "Leave the query (? and what follows) out of the URL." : undefined);
      if (problem) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ ...meta });
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
