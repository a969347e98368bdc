import fc from "fast-check";
import { mutations } from "./mutations";

/** A call that tries to get past a gateway: what is sent, below a context path. */
export interface HostileCall {
  method: string;
  /** What a proxy would send before the path. */
  authority: string;
  below: string;
  headers: readonly string[];
  body: string;
  /** With a good token, the protected things are allowed, and only forged values are not. */
  hasToken: boolean;
}

const PUNCTUATION = [..."-----____....~+|!#$%&'*^`"];

/** Spellings of a header name: its case, and any punctuation for -. */
const spelled = (name: string) =>
  fc.oneof(
    {
      arbitrary: fc.constantFrom(name, name.toUpperCase().replaceAll("-", "_"), name.replaceAll("-", "."), name.replaceAll("-", "_")),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(...[...name].map((letter) => fc.constantFrom(...(letter === "-" ? PUNCTUATION : [letter, letter, letter.toUpperCase()]))))
        .map((letters) => letters.join("")),
      weight: 3,
    },
    { arbitrary: fc.constantFrom(`${name}_`, `-${name}`, `$${name}`, name.replace("-", "--"), name.replaceAll("-", "")), weight: 1 },
  );

const line = (names: readonly string[], values: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names).chain(spelled), fc.constantFrom(": ", ":", ":\t"), fc.constantFrom(...values))
    .map((parts) => parts.join(""));

const PATH_NAMES = [
  ...[
    "script-name",
    "path-info",
    "x-script-name",
    "x-original-url",
    "x-original-uri",
    "x-rewrite-url",
    "x-forwarded-uri",
    "x-forwarded-path",
  ],
  ...["x-forwarded-prefix", "request-uri", "path-translated", "x-path-info", "x-original-path", "x-rewrite-uri", "x-override-url"],
];
const METHOD_NAMES = ["x-http-method-override", "x-http-method", "x-method-override", "request-method", "x-original-method"];
const CLAIM_NAMES = [
  ...["x-gatewright-client-id", "x-gatewright-subject", "x-gatewright-scopes", "x-admin", "client-ip", "true-client-ip", "x-client-ip"],
  ...["x-real-ip", "x-forwarded-for", "forwarded", "x-forwarded-host", "proxy", "client-cert", "x-client-cert", "ssl-client-cert"],
  ...["x-ssl-client-verify", "remote-user", "x-remote-user", "auth-type", "x-scheme", "remote-addr"],
];

const headerLine = fc.oneof(
  { arbitrary: line(PATH_NAMES, ["/zzz", "/private", "/private/secret", "/tasks/1", "/removals", "/public"]), weight: 5 },
  { arbitrary: line(METHOD_NAMES, ["DELETE", "POST", "PUT", "GET", "delete"]), weight: 3 },
  { arbitrary: line(CLAIM_NAMES, ["forged", "forged, forged", "for=forged", "admin:forged"]), weight: 8 },
  { arbitrary: line(["connection"], ["x-admin", "x.admin, X_Gatewright_Subject", "keep-alive, x-forwarded-for"]), weight: 1 },
  {
    arbitrary: fc.constantFrom("X-Plain: 1", "X_Api_Key: 1", "Accept: */*", "Upgrade: h2c", "Connection: Upgrade", "TE: trailers"),
    weight: 2,
  },
);

const AREAS = ["private", "tasks", "t/acme/private", "private/secret", "tasks/1"];

const target = fc.oneof(
  { arbitrary: mutations(AREAS), weight: 5 },
  {
    arbitrary: fc
      .constantFrom("/zzz/private/secret", "/zzz/tasks/1", "/zzz/private", "/zzz/removals/1")
      .map((below) => ({ authority: "", below })),
    weight: 3,
  },
  {
    arbitrary: fc
      .constantFrom("/public/x", "/writes", "/reads", "/removals", "/removals/1", "/private", "/")
      .map((below) => ({ authority: "", below })),
    weight: 4,
  },
);

const SMUGGLED = ["DELETE /removals/9", "POST /writes", "GET /private/smuggled"].map(
  (first) => `${first} HTTP/1.1\r\nHost: x\r\nX-Gatewright-Client-Id: forged\r\nContent-Length: 0\r\n\r\n`,
);

const body = fc.oneof({ arbitrary: fc.constant(""), weight: 8 }, { arbitrary: fc.constantFrom(...SMUGGLED), weight: 2 });

/** Hostile calls of every kind, and of several kinds at once. */
export const hostileCalls: fc.Arbitrary<HostileCall> = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom("GET", "GET", "POST"), weight: 8 },
      { arbitrary: fc.constantFrom("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "get"), weight: 2 },
    ),
    target,
    fc.array(headerLine, { maxLength: 4 }),
    body,
    fc.boolean(),
    fc.boolean(),
  )
  .map(([method, { authority, below }, headers, text, one, other]) => ({
    method,
    authority,
    below,
    headers,
    body: text,
    hasToken: one && other,
  }));

/** A call as bytes, each a character. `before` stands before its path. */
export function requestText(call: HostileCall, before: string): string {
  const lines = [`${call.method} ${call.authority}${before}${call.below} HTTP/1.1`, "Host: gateway.test", ...call.headers];
  if (call.hasToken) lines.push("Authorization: Bearer good");
  if (call.body !== "") lines.push(`Content-Length: ${call.body.length}`);
  return `${lines.join("\r\n")}\r\n\r\n${call.body}`;
}
