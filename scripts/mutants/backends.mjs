const ENTRY = { file: "lib/gateway/endpoint-security/token-entry.ts", test: "lib/gateway/endpoint-security/token-keeper.test.ts" };
const SECURED = { file: "lib/gateway/upstream/secured-call.ts", test: "lib/gateway/behavior/endpoint-replay.test.ts" };
const COMPILE = {
  file: "lib/gateway/endpoint-security/compile.ts",
  test: "lib/gateway/behavior/endpoint-security.test.ts",
};
const COOKIES = { file: "lib/gateway/http/cookie-map.ts", test: "lib/gateway/http/cookie-map.test.ts" };
const ADDRESSES = { file: "lib/gateway/http/address-map.ts", test: "lib/gateway/http/address-map.test.ts" };
const ANSWERS = { file: "lib/gateway/http/forwarding.ts", test: "lib/gateway/behavior/forwarding.test.ts" };
const UPLOADS = { file: "lib/gateway/http/uploads.ts", test: "lib/gateway/behavior/uploads.integration.test.ts" };
const PLACES = { test: "lib/gateway/behavior/places.test.ts" };
const CONNECTIONS = { file: "lib/gateway/adapters/connection-limits.ts", test: "lib/gateway/adapters/connection-limits.test.ts" };
const OPEN = { file: "lib/gateway/pipeline/open-calls.ts", test: "lib/gateway/behavior/open-calls.integration.test.ts" };

/** Faults between the gateway and backends. @type {import("./mutant.mjs").Mutant[]} */
export const BACKEND_MUTANTS = [
  {
    ...ENTRY,
    fault: "a failed background renewal is repeated on every call",
    from: "&& this.#flight === null && now >= this.#retryAtMs) this.#start();",
    to: "&& this.#flight === null) this.#start();",
  },
  {
    ...ENTRY,
    fault: "a late 401 drops the token that replaced the rejected one",
    from: "if (kept?.accessToken !== accessToken) return true;",
    to: "if (kept === null) return true;",
  },
  {
    ...ENTRY,
    fault: "a backend that rejects every token has one fetched for each call",
    from: "if (now < this.#evictAgainAtMs) return false;",
    to: "",
  },
  {
    ...ENTRY,
    test: "lib/gateway/endpoint-security/shared-tokens.test.ts",
    fault: "a rejected token comes back from the shared store",
    from: "isWanted: (token) => token.accessToken !== this.#evicted && now()",
    to: "isWanted: (token) => now()",
  },
  {
    file: "lib/gateway/endpoint-security/redact.ts",
    test: "lib/gateway/endpoint-security/token-request.test.ts",
    fault: "a token endpoint's encoded echo of a secret is logged",
    from: "return repeatsSecret(safe, confidential) ? OMITTED : safe;",
    to: "return safe;",
  },
  {
    file: "lib/gateway/endpoint-security/redact.ts",
    test: "lib/gateway/endpoint-security/redact.test.ts",
    fault: "a token endpoint's echo of a part of a secret is logged",
    from: "if (parts.has(",
    to: "if (false && parts.has(",
  },
  {
    ...PLACES,
    file: "lib/gateway/upstream/turnstile.ts",
    fault: "a slow reader keeps its connection while others wait",
    from: "end(held.filter(([turn]) => turn.heldUp));",
    to: "",
  },
  {
    ...PLACES,
    file: "lib/gateway/upstream/turnstile.ts",
    fault: "streams of one client keep all connections",
    from: "end(held.filter(([turn, began]) => !turn.heldUp && began <= long));",
    to: "",
  },
  {
    ...PLACES,
    file: "lib/gateway/upstream/load.ts",
    fault: "one client's requests fill the queue for all",
    from: "return crowd !== null && crowd !== client() && this.#displaceOne(crowd);",
    to: "return false;",
  },
  {
    ...PLACES,
    file: "lib/gateway/upstream/backend-call.ts",
    fault: "a POST is ended for another client's request",
    from: "!(this.#waiting || this.#answered || mayRepeat(this.request))",
    to: "false",
  },
  {
    ...CONNECTIONS,
    fault: "one address can open all connections",
    from: "count >= limits.perAddress || ",
    to: "",
  },
  {
    ...CONNECTIONS,
    fault: "silent connections stay",
    from: "if (socket.bytesRead === 0 && !isProxy(remoteAddressOf(socket))) socket.destroy();",
    to: "",
  },
  {
    file: "lib/gateway/http/forwarding.ts",
    test: "lib/gateway/behavior/transfer-codings.test.ts",
    fault: "a response loses its transfer coding",
    from: 'return former === null && (coding === "chunked" || coding === "identity");',
    to: "return true;",
  },
  {
    ...SECURED,
    fault: "a backend's 401 to the gateway goes to the client",
    from: "if (response.status === 401) {",
    to: "if (response.status === 401 && !this.#isReplay) {",
  },
  {
    ...SECURED,
    test: COMPILE.test,
    fault: "the client's Authorization goes along with the gateway's",
    from: 'removeHeader(this.headers, "authorization");',
    to: "",
  },
  {
    ...COMPILE,
    fault: "a token goes on to an endpoint at another address",
    from: "const made = {\n    endpointUrl,",
    to: "const made = {",
  },
  { ...COMPILE, fault: "a token with another scope is used on", from: "basicEncoding,\n    scope,", to: "basicEncoding," },
  {
    file: "lib/gateway/upstream/backend-call.ts",
    test: "lib/gateway/behavior/connections.test.ts",
    fault: "a POST without a body is sent again after a lost connection",
    from: 'request.body === null && (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS");',
    to: "request.body === null;",
  },
  {
    ...COOKIES,
    fault: "a backend's __Host- cookie reaches the console",
    from: "isHostCookie && !rules.sharesConsoleOrigin",
    to: "isHostCookie",
  },
  {
    ...COOKIES,
    fault: "a backend's cookie reaches other APIs",
    from: "return isUnder(mapped, view.prefix) ? mapped : view.prefix + path;",
    to: "return mapped;",
  },
  {
    ...ADDRESSES,
    fault: "a neighbor of the base path is taken for a part of it",
    from: 'path.startsWith(base) && (path.length === base.length || path.charAt(base.length) === "/" || base === "")',
    to: "path.startsWith(base)",
  },
  {
    ...ADDRESSES,
    fault: "a backend's path becomes a host",
    from: 'return mapped.startsWith("//") ?',
    to: 'return mapped.startsWith("///") ?',
  },
  { ...ANSWERS, fault: "a backend sets the console's session cookie", from: "if (setsConsoleCookie(value)) continue;", to: "" },
  {
    ...ANSWERS,
    fault: "a backend clears the data of the console's origin",
    from: "if (rules.sharesConsoleOrigin) continue;",
    to: "if (rules.dropCors) continue;",
  },
  {
    ...ANSWERS,
    test: "lib/gateway/behavior/header-names.test.ts",
    fault: "a backend has a proxy send another file",
    from: ', "x-accel-redirect"]',
    to: "]",
  },
  {
    file: "lib/gateway/gateway.ts",
    test: ANSWERS.test,
    fault: "a backend's page runs scripts on the console's origin",
    from: 'headers.push("content-security-policy", "sandbox");',
    to: "",
  },
  {
    file: "lib/gateway/pipeline/pipeline.ts",
    test: "lib/gateway/behavior/addresses.test.ts",
    fault: "a response may have any number of header fields",
    from: "rawHeaders.length > BACKEND_HEADERS_MAX * 2",
    to: "rawHeaders.length > BACKEND_HEADERS_MAX * 200",
  },
  {
    ...UPLOADS,
    fault: "slow uploads of one client take all places",
    from: "if (count >= this.perClient) return",
    to: "if (count > this.perClient * 100) return",
  },
  {
    ...UPLOADS,
    fault: "a client behind a proxy chooses by what its uploads are counted",
    file: "lib/client-address/client-address.ts",
    from: "named.findLast((address)",
    to: "named.find((address)",
  },
  { ...OPEN, fault: "a stream goes on after its token has expired", from: "permit.expiresAtMs <= now)", to: "permit.expiresAtMs <= 0)" },
  {
    file: "lib/gateway/http/request-body.ts",
    test: UPLOADS.test,
    fault: "a client that sends a byte at a time is waited for",
    from: "/ elapsed < this.#patience.minRate;",
    to: "/ elapsed < 0;",
  },
  {
    ...OPEN,
    fault: "a stream goes on after its token was revoked",
    from: 'if (check.outcome === "inactive" || check.outcome === "missingServer")',
    to: 'if (check.outcome === "missingServer")',
  },
  {
    ...OPEN,
    test: "lib/gateway/behavior/open-calls-redeployed.integration.test.ts",
    fault: "a stream's token is asked about nowhere after a deployment",
    from: "letGo: call.served?.api?.holdCheckers()",
    to: "letGo: undefined",
  },
  {
    ...OPEN,
    fault: "a stream goes on after its API was undeployed",
    from: "if (call.served && !isDeployed(call.served.apiId)) this.#end(call, UNDEPLOYED);",
    to: "this.#entries.has(call) && isDeployed;",
  },
];
