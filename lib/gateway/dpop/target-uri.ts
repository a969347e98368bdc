import { parseTarget } from "../http/target";

/** No URI that a proof may name is longer. */
const MAX_LENGTH = 8192;
/** What may stand in a URI (RFC 3986, section 2), besides `\`, which browsers read as `/`. */
const URI = /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/i;

/**
 * An `htu` in the one spelling in which it is compared (RFC 9449, section 4.3, check 9): normalised by syntax and scheme
 * (RFC 3986, sections 6.2.2 and 6.2.3), without query and fragment. Null for what is no http or https URI, has a user in it, or
 * a path that this gateway serves under no spelling.
 */
export function normalizedTargetUri(htu: string): string | null {
  if (htu.length > MAX_LENGTH || !URI.test(htu) || !URL.canParse(htu)) return null;
  const { origin, username, password, pathname } = new URL(htu);
  if (username !== "" || password !== "") return null;
  const target = parseTarget(pathname);
  return typeof target === "string" ? null : origin + target.path;
}
