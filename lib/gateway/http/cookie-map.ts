import { type AddressMap, type AddressView, clientPath, isUnder } from "./address-map";

/** Name and value of one cookie, in bytes: what browsers store at most (RFC 6265bis, 5.6). */
export const COOKIE_BYTES_MAX = 4096;
/** More cookies of one response are left out: a browser that is full removes those of others on the same host. */
export const COOKIES_MAX = 50;
/** Names and values of one response's cookies together: half of what a request's header fields may have. */
export const COOKIES_BYTES_MAX = 16_384;

/** How far a backend's cookies reach. Fixed for a deployment. */
export interface CookieRules {
  /** The console is on the same host: every path is confined to the API, `__Host-` or not. */
  sharesConsoleOrigin: boolean;
}

const attributeName = (part: string) => part.split("=", 1)[0]?.trim().toLowerCase() ?? "";
const attributeValue = (part: string) => (part.includes("=") ? part.slice(part.indexOf("=") + 1).trim() : "");

/** Whether a cookie's domain covers a host (RFC 6265, 5.1.3). Both in lower case. */
const covers = (domain: string, host: string) => host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host));

const hostnameOf = (host: string) => host.toLowerCase().replace(/:\d*$/, "");

/** The path for which clients send the cookie: never wider than the API. */
function confinedPath(path: string, basePath: string, view: AddressView): string {
  const bare = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  // A path above the base holds all that clients reach of the backend.
  if (bare === "/" || isUnder(basePath, bare)) return view.prefix || "/";
  const mapped = clientPath(path, basePath, view);
  return isUnder(mapped, view.prefix) ? mapped : view.prefix + path;
}

/**
 * A `Set-Cookie` of a backend as clients can use it: its path is below the context path, and its domain does not name the
 * backend. A `__Host-` cookie must have the path `/` (RFC 6265bis, 4.1.3.2) and keeps it, but not beside the console.
 */
export function mapSetCookie(setCookie: string, map: AddressMap, view: AddressView, rules: CookieRules): string {
  const [pair = "", ...attributes] = setCookie.split(";");
  let path: string | null = null;
  let domain: string | null = null;
  // Of repeated attributes the last counts (RFC 6265, 5.3).
  for (const part of attributes) {
    const name = attributeName(part);
    if (name === "path") path = attributeValue(part);
    else if (name === "domain") domain = attributeValue(part).replace(/^\./, "").toLowerCase();
  }
  if (path !== null && !path.startsWith("/")) path = null;
  const isHostCookie = /^\s*__Host-/i.test(pair);
  const keepsPath = isHostCookie && !rules.sharesConsoleOrigin;
  // Without a path, clients take the request's up to its last slash, which is above the API for the context path itself.
  const wanted = keepsPath ? path : path !== null ? confinedPath(path, map.basePath, view) : view.rest === "" ? view.prefix || null : null;
  const dropsDomain =
    domain !== null && (domain === map.hostname || (covers(domain, map.hostname) && !covers(domain, hostnameOf(view.forwardedHost))));
  const kept = attributes.filter((part) => {
    const name = attributeName(part);
    return name !== "path" && !(name === "domain" && dropsDomain);
  });
  return [pair, ...kept].join(";") + (wanted === null ? "" : `; Path=${wanted}`);
}

/** Counts the cookies of one response. */
export class CookieBudget {
  #count = 0;
  #bytes = 0;
  /** How many did not fit. */
  leftOut = 0;

  /** Whether a `Set-Cookie` fits beside those before it. Header values are one byte a character. */
  takes(setCookie: string): boolean {
    const end = setCookie.indexOf(";");
    const bytes = end < 0 ? setCookie.length : end;
    if (bytes > COOKIE_BYTES_MAX || this.#count >= COOKIES_MAX || this.#bytes + bytes > COOKIES_BYTES_MAX) {
      this.leftOut += 1;
      return false;
    }
    this.#count += 1;
    this.#bytes += bytes;
    return true;
  }
}
