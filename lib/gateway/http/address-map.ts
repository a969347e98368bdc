/** One call, as far as addresses in its response depend on it. */
export interface AddressView {
  /** The path that clients see before the rest: the gateway's base and the context path. Empty when nothing was cut. */
  readonly prefix: string;
  /** What remained of the path below the context path. */
  readonly rest: string;
  /** The host that the backend was told in `X-Forwarded-Host`. */
  readonly forwardedHost: string;
}

/** Maps the addresses in a backend's response to those that clients can use. Compiled once for each endpoint. */
export interface AddressMap {
  /** The backend's host name as URLs write it, without a port: `127.0.0.1`, `[::1]`, `orders.internal`. */
  readonly hostname: string;
  /** The path of the endpoint's URL without a trailing slash; empty for the root. */
  readonly basePath: string;
  /**
   * A URI reference (RFC 3986, 4.1) as clients can use it. Addresses of the backend become paths of this gateway; a reference to
   * anything else is returned as it is. The backend's host name never remains.
   */
  reference(value: string, view: AddressView): string;
}

/** Whether a path is a base or below it, by whole segments. */
export const isUnder = (path: string, base: string): boolean =>
  path.startsWith(base) && (path.length === base.length || path.charAt(base.length) === "/" || base === "");

/**
 * A path of the backend as clients see it. A path that has the client's prefix already comes from a backend that read
 * `X-Forwarded-Prefix`, unless the request itself was for such a path below the context path.
 */
export function clientPath(path: string, basePath: string, { prefix, rest }: AddressView): string {
  if (prefix !== "" && isUnder(path, prefix) && !isUnder(rest, prefix)) {
    const doubled = prefix + basePath;
    // It put the prefix before its own path, base and all.
    const isDoubled = basePath !== "" && isUnder(path, doubled) && !isUnder(prefix, basePath) && !isUnder(rest, basePath);
    return isDoubled ? prefix + path.slice(doubled.length) : path;
  }
  const mapped = isUnder(path, basePath) ? prefix + path.slice(basePath.length) || "/" : path;
  // Two slashes at the beginning would make a host of what follows (RFC 3986, 4.2).
  return mapped.startsWith("//") ? `/.${mapped}` : mapped;
}

/** Characters that a URL parser takes as they are, so that a reference can be cut where RFC 3986, appendix B, cuts it. */
const PLAIN = /^(?:(https?):)?(?:\/\/([^/?#\\@\s]+))?(\/[!$%&'()*+,\-./0-9:;=@A-Z[\]_a-z~]*)?([?#][\x21-\x5b\x5d-\x7e]*)?$/i;
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|$)/i;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** A host and port without the spellings that mean the same; both ports of HTTP's schemes count as one. */
function authorityOf({ protocol, hostname, port }: URL): string {
  const number = port || DEFAULT_PORTS[protocol] || "";
  return `${hostname.replace(/\.$/, "")}:${number === "80" || number === "443" ? "default" : number}`;
}

/** Header values are bytes; what is UTF-8 among them means its characters, as browsers read it. */
function decoded(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? value : text;
}

const parsed = (reference: string, base: string): URL | null => (URL.canParse(reference, base) ? new URL(reference, base) : null);

/** Compiles the map of an endpoint. @param endpointUrl an absolute HTTP URL */
export function compileAddressMap(endpointUrl: string): AddressMap {
  const endpoint = new URL(endpointUrl);
  const { origin, protocol, hostname, pathname } = endpoint;
  const basePath = pathname.replace(/\/$/, "");
  const own = authorityOf(endpoint);
  const isBackend = (url: URL) => (url.protocol === "http:" || url.protocol === "https:") && authorityOf(url) === own;
  const isForwarded = (url: URL, { forwardedHost }: AddressView) =>
    forwardedHost !== "" &&
    (url.host === forwardedHost.toLowerCase() || url.host === parsed(`${url.protocol}//${forwardedHost}`, origin)?.host);

  /** Whatever is not plain is read as browsers read it, and written anew. */
  const general = (value: string, view: AddressView): string => {
    const url = parsed(decoded(value), origin + (view.rest === "" ? pathname : basePath + view.rest));
    if (!url) return value.toLowerCase().includes(hostname) ? clientPath(basePath, basePath, view) : value;
    if (url.protocol !== "http:" && url.protocol !== "https:") return value;
    if (!isBackend(url)) {
      if (!isForwarded(url, view)) return value;
      return url.origin + clientPath(url.pathname, basePath, view) + url.search + url.hash;
    }
    const path = clientPath(url.pathname, basePath, view);
    const mapped = path + url.search + url.hash;
    // A relative reference stays as it is where it leads clients to the same place.
    const isRelative = !/^[\s\\/]*[\\/]/.test(value) && !/^\s*[a-z][a-z0-9+.-]*:/i.test(value);
    const atClient = isRelative ? parsed(decoded(value), `${origin}${view.prefix}${view.rest}`) : null;
    return atClient && atClient.pathname + atClient.search + atClient.hash === mapped ? value : mapped;
  };

  return {
    hostname,
    basePath,
    reference(value, view) {
      if (value === "") return value;
      const plain = PLAIN.exec(value);
      const [, scheme, authority, path = "", tail = ""] = plain ?? [];
      if (!plain || DOT_SEGMENT.test(path) || (authority === undefined && path.startsWith("//"))) return general(value, view);
      // `http:/x` and a reference without a path are relative ones.
      if (authority === undefined)
        return scheme !== undefined || path === "" ? general(value, view) : clientPath(path, basePath, view) + tail;
      const url = parsed(`${scheme ?? protocol.slice(0, -1)}://${authority}`, origin);
      if (!url) return general(value, view);
      if (isBackend(url)) return clientPath(path === "" ? "/" : path, basePath, view) + tail;
      if (!isForwarded(url, view)) return value;
      const start = value.length - path.length - tail.length;
      return value.slice(0, start) + clientPath(path === "" ? "/" : path, basePath, view) + tail;
    },
  };
}

/** The target of a `Refresh` header, which browsers follow as they do `Location`. */
const REFRESH = /^(\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?)(["']?)([^"']*)(.*)$/i;
/** The targets of a `Link` header (RFC 8288, 3). */
const LINK_TARGET = /<([^<>]*)>/g;
/** They, and quoted parameters, which may hold angle brackets. One that never ends reaches to the end, and is looked at once. */
const LINK_PART = /"(?:[^"\\]|\\[\s\S])*("|\\?$)|<[^<>]*>/g;

/** Maps the address in a `Refresh` header. */
export function mapRefresh(value: string, map: AddressMap, view: AddressView): string {
  const [, before = "", quote = "", target = "", after = ""] = REFRESH.exec(value) ?? [];
  return target === "" ? value : before + quote + map.reference(target, view) + after;
}

/** Maps the targets of a `Link` header, and leaves its parameters as they are. */
export function mapLink(value: string, map: AddressMap, view: AddressView): string {
  const mapped = (text: string) => text.replace(LINK_TARGET, (_, target: string) => `<${map.reference(target, view)}>`);
  return value.replace(LINK_PART, (part, end?: string) => (end === '"' ? part : mapped(part)));
}
