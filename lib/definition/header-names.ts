/**
 * Which header names of a client may reach a backend. Servers that hand headers on as CGI variables (WSGI, Rack, PHP, FastCGI)
 * turn every character that isn't a letter or a digit into `_`, and upper-case the rest. Whatever a gateway removes, sets or
 * guarantees holds only when names are compared the way such a backend compares them.
 */

/** Names that every reader understands alike: letters, digits and hyphens. */
const PLAIN = /^[a-z0-9-]*$/;

/** A name as the loosest backend reads it: in lower case, each character that is neither letter nor digit as a hyphen. */
export function foldHeaderName(name: string): string {
  const lower = name.toLowerCase();
  return PLAIN.test(lower) ? lower : lower.replace(/[^a-z0-9]/g, "-");
}

/** The fold with one hyphen for several and none at the ends, for comparing with names that never pass. */
export const squeezeHeaderName = (name: string): string => foldHeaderName(name).replace(/-{2,}/g, "-").replace(/^-|-$/g, "");

/** Whether a name consists of letters, digits and hyphens, as the names that pass without being allowed. */
export const isPlainHeaderName = (name: string): boolean => /^[A-Za-z0-9-]*[A-Za-z0-9][A-Za-z0-9-]*$/.test(name);

/** Headers that mean something between two neighbors only (RFC 9110, section 7.6.1). They are never passed on. */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  // With proxy-authenticate, proxy-authorization and proxy-authentication-info these are the ones of RFC 9110.
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
]);

/** What only the gateway says, by name. */
const GATEWAYS_OWN = ["expect", "forwarded", "x-forwarded", "x-request-id"];

/** With these, servers and frameworks act on another method than the one that the steps saw. */
const METHOD_OVERRIDES = [
  ...["http-method", "http-method-override", "method-override", "request-method", "x-http-method", "x-http-method-override"],
  ...["x-http-verb", "x-method", "x-method-override", "x-request-method", "x-requested-method", "x-tunnel-method", "x-verb"],
];

/** The same under the other words that libraries have for it: `X-Tunneled-Method`, `X-HTTP-Verb-Override`, `X-Forwarded-Method`. */
const METHOD_OVERRIDE =
  /^(?:x-)?(?:http-)?(?:(?:actual|forwarded|original|override|real|requested|rest|rewrite|tunnel|tunneled)-)?(?:method|verb)(?:-(?:override|overwrite|tunnel))?$/;

/** With these, they act on another path, host or file. */
const PATH_OVERRIDES = [
  // Variables of CGI (RFC 3875), which gunicorn, IIS, PHP and others also take from headers.
  ...["document-root", "document-uri", "path-info", "path-translated", "query-string", "request-uri", "script-filename", "script-name"],
  ...["script-uri", "script-url", "unencoded-url", "x-path-info", "x-path-translated", "x-request-base", "x-request-uri", "x-request-url"],
  ...["x-script-name", "x-traversal-path", "x-waws-unencoded-url", "x-matched-path", "x-host", "x-http-destinationurl"],
  ...["x-http-host-override", "x-host-override"],
  // RFC 4918, section 10.3: COPY and MOVE write to the path in it, which no flow was matched with.
  "destination",
  // Rack::Sendfile rewrites paths of files by these.
  ...["x-sendfile-type", "x-accel-mapping"],
];

/** With these, a backend takes a client's word for its address, its scheme, or who it is. */
const CLIENT_CLAIMS = [
  ...["auth-type", "client-ip", "do-connecting-ip", "fastly-client-ip", "fly-client-ip", "gateway-interface", "https", "front-end-https"],
  ...["iv-creds", "iv-groups", "iv-user", "logon-user", "request-scheme", "server-addr", "server-name", "server-port", "server-protocol"],
  ...["server-software", "sm-user", "true-client-ip", "x-anonymous-consumer"],
  ...["x-azure-clientip", "x-azure-socketip", "x-client-ip", "x-cluster-client-ip", "x-consumer-custom-id"],
  ...["x-consumer-groups", "x-consumer-id", "x-consumer-username", "x-credential-identifier", "x-credential-username"],
  ...["x-nf-client-connection-ip", "x-originating-ip", "x-proto", "x-proxied-https", "x-scheme", "x-true-client-ip", "x-url-scheme"],
  ...["ali-cdn-real-ip", "cdn-src-ip", "cf-connecting-ip", "cf-connecting-ipv6", "cf-pseudo-ipv4", "coming-from", "incap-client-ip"],
  ...["x-coming-from", "x-forward-for", "x-proxiedentitieschain", "x-proxyuser-ip", "x-sucuri-clientip", "x-vercel-forwarded-for"],
  // httpoxy: programs behind CGI take it for the proxy that they have to use.
  "proxy",
  // Certificates of clients, as proxies that end TLS hand them on (RFC 9440 and what came before it).
  ...["x-arr-clientcert", "x-arr-ssl", "x-clientcert", "x-client-dn", "x-client-verify"],
];

const NEVER_PASSED: ReadonlySet<string> = new Set([
  ...CONNECTION_HEADERS,
  ...GATEWAYS_OWN,
  ...METHOD_OVERRIDES,
  ...PATH_OVERRIDES,
  ...CLIENT_CLAIMS,
]);

const NEVER_PASSED_PREFIXES = [
  ...["x-forwarded-", "forwarded-", "x-original-", "x-rewrite-", "x-override-", "redirect-", "x-vhm-", "x-accel-"],
  // What Envoy, Next.js and App Engine tell themselves.
  ...["x-envoy-", "x-middleware-", "x-invoke-", "x-appengine-"],
  ...[
    "proxy-",
    "x-proxy-",
    "x-auth-couchdb-",
    "x-authenticated-",
    "wl-proxy-",
    "remote-",
    "x-remote-",
    "x-real-",
    "x-webauth-",
    "x-auth-request-",
    "x-ms-client-principal",
    "oidc-claim-",
  ],
  ...["x-goog-authenticated-user-", "client-cert", "x-client-cert", "cert-chain", "ssl-", "x-ssl-", "x-tls-client-", "x-amzn-mtls-"],
];

/** Names below such a prefix that clients send with good reason and that change nothing: Next.js's prefetches, and uploads. */
const HARMLESS: ReadonlySet<string> = new Set(["x-middleware-prefetch", "x-original-filename", "x-original-file-name"]);

/** Our identity headers under any punctuation, also without. */
const isIdentityName = (squeezed: string) => squeezed.startsWith("x") && squeezed.replaceAll("-", "").startsWith("xgatewright");

/** What plug-ins of WebSphere ($WSRU is the user) and Passenger (!~) tell their servers. */
const isPlugInName = (lower: string) => /^(?:[^a-z0-9]ws[a-z]|!~)/.test(lower);

/**
 * Whether a client's header never reaches a backend, whatever an API allows: what concerns the connection, what only the gateway
 * says, what replaces method or path, and claims about the client that only a proxy can make. Names are compared folded.
 */
export function isNeverPassed(name: string): boolean {
  const squeezed = squeezeHeaderName(name);
  if (isIdentityName(squeezed) || isPlugInName(name.toLowerCase())) return true;
  if (NEVER_PASSED.has(squeezed)) return true;
  // Words of everyday programs stand for themselves.
  if (METHOD_OVERRIDE.test(squeezed) && squeezed !== "method" && squeezed !== "verb") return true;
  return !HARMLESS.has(squeezed) && NEVER_PASSED_PREFIXES.some((prefix) => squeezed.startsWith(prefix));
}

/** Names that the gateway or every backend acts on: another spelling of one would be a second value that nothing checked. */
const ESSENTIAL: ReadonlySet<string> = new Set([
  ...["accept", "authorization", "content-encoding", "content-length", "content-type", "cookie", "cookie2", "date", "dpop", "host"],
  ...["if-match", "if-none-match", "origin", "range", "referer", "sec-websocket-key", "sec-websocket-protocol", "set-cookie"],
  ...["traceparent", "via", "www-authenticate"],
]);

/** Whether a name is another spelling of one that the gateway or every backend acts on. */
export function isOtherSpelling(name: string): boolean {
  const squeezed = squeezeHeaderName(name);
  return ESSENTIAL.has(squeezed) && name.toLowerCase() !== squeezed;
}

/** Says why an API can't allow a header name with characters other than letters, digits and hyphens, or nothing. */
export function otherNameProblem(name: string): string | undefined {
  if (isNeverPassed(name))
    return "Backends can take this name for one that only the gateway or a proxy may send. It's never passed on, under any spelling.";
  if (isPlainHeaderName(name)) return "Names of letters, digits and hyphens pass without being listed. Remove it from the list.";
  if (isOtherSpelling(name)) return `Backends can take this name for ${squeezeHeaderName(name)}. It's never passed on.`;
  return undefined;
}
