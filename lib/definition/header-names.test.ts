import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldHeaderName, isNeverPassed, isOtherSpelling, isPlainHeaderName, otherNameProblem } from "./header-names";
import { definitionFor } from "./testing";

/** RFC 9110, section 5.6.2: what a name may have besides letters and digits. */
const PUNCTUATION = [..."!#$%&'*+-.^_`|~"];

/** Every way to write a name that a folding server reads as this one. */
const spellings = (name: string) =>
  fc
    .tuple(...[...name].map((letter) => fc.constantFrom(...(letter === "-" ? PUNCTUATION : [letter, letter.toUpperCase()]))))
    .map((letters) => letters.join(""));

const NEVER = [
  ...["script-name", "path-info", "path-translated", "request-uri", "query-string", "request-method", "document-root", "x-script-name"],
  ...["client-ip", "true-client-ip", "x-client-ip", "x-real-ip", "cf-connecting-ip", "x-cluster-client-ip", "remote-addr", "x-remote-addr"],
  ...[
    "proxy",
    "proxy-ssl-id",
    "proxy-auth-cert",
    "x-proxied-https",
    "client-cert",
    "client-cert-chain",
    "x-client-cert",
    "ssl-client-cert",
  ],
  ...["x-ssl-client-verify", "x-arr-clientcert", "remote-user", "x-remote-user", "x-remote-group", "x-webauth-user", "auth-type"],
  ...["x-tunneled-method", "x-http-verb-override", "x-verb-override", "x-http-method-tunnel", "x-real-method", "x-rest-method"],
  ...["x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-original-method", "x-rewrite-url"],
  ...["x-forwarded-for", "x-forwarded-user", "forwarded", "x-envoy-original-path", "x-middleware-subrequest", "x-accel-mapping"],
  ...["x-sendfile-type", "destination", "x-vhm-root", "x-scheme", "x-url-scheme", "https", "wl-proxy-client-ip", "x-request-id", "expect"],
  ...["connection", "transfer-encoding", "te", "upgrade", "http2-settings", "keep-alive"],
  ...["x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes", "x-gatewright-anything"],
];

describe("the names of headers", () => {
  it("never pass under any spelling that a folding server reads as one that never passes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NEVER).chain(spellings), (name) => {
        expect(isNeverPassed(name), name).toBe(true);
        expect(otherNameProblem(name)).toMatch(/never passed on/);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    "$WSRA",
    "$wsru",
    "$WSSC",
    "--x-gatewright-subject",
    "X--Gatewright-Scopes",
    "xgatewright-subject",
    "x-forwarded--for",
    "-proxy-",
  ])("never pass as %s", (name) => {
    expect(isNeverPassed(name)).toBe(true);
  });

  it("that clients need pass", () => {
    const needed = [
      ...["Accept", "Authorization", "Content-Type", "Cookie", "DPoP", "If-Match", "X-Api-Key", "X-Requested-With", "X-CSRF-Token"],
      ...["traceparent", "X-B3-TraceId", "X-Amz-Target", "Sec-WebSocket-Key", "RSC", "Next-Url", "X-Middleware-Prefetch", "SOAPAction"],
      ...[
        "X-Correlation-ID",
        "Idempotency-Key",
        "X-RestLi-Method",
        "HX-Request",
        "Grpc-Timeout",
        "X-User-Id",
        "X-Original-Filename",
        "Via",
      ],
      ...["X-Auth-Token", "X-Auth-User", "Tus-Resumable", "Upload-Offset", "Depth", "Lock-Token", "Prefer", "X-SSL", "Remote", "WSRA"],
    ];
    for (const name of needed) {
      expect(isNeverPassed(name), name).toBe(false);
      expect(isPlainHeaderName(name), name).toBe(true);
      expect(isOtherSpelling(name), name).toBe(false);
    }
  });

  it("keep their length when they are folded, and fold alike exactly when a CGI server reads them alike", () => {
    const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        const variable = (text: string) => text.replace(/[^A-Za-z0-9]/g, "_").toUpperCase();
        expect(foldHeaderName(one)).toHaveLength(one.length);
        expect(foldHeaderName(one) === foldHeaderName(other)).toBe(variable(one) === variable(other));
      }),
    );
  });
});

describe("the header names that an API allows besides plain ones", () => {
  const allow = (...allowOtherNames: string[]) => definitionFor({ headers: { allowOtherNames } }).headers?.allowOtherNames;

  it("are kept as they are written", () => {
    expect(allow("X_Api_Key", "WM_CONSUMER.ID")).toEqual(["X_Api_Key", "WM_CONSUMER.ID"]);
    expect(definitionFor({}).headers).toBeUndefined();
  });

  it.each([
    ["X_Gatewright_Subject", "only the gateway"],
    ["SCRIPT_NAME", "never passed on"],
    ["$WSRU", "never passed on"],
    ["X_Forwarded_For", "never passed on"],
    ["Transfer_Encoding", "never passed on"],
    ["Content_Type", "for content-type"],
    ["authorization_", "for authorization"],
    ["X-Api-Key", "pass without being listed"],
    ["x y", "letters, digits"],
  ])("don't include %s", (name, message) => {
    expect(() => allow(name)).toThrow(message);
  });
});
