import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileAddressMap } from "./address-map";
import { readCallerHeaders } from "./caller-headers";
import { setsConsoleCookie, withoutConsoleCookies } from "./cookies";
import { passBackendHeaders } from "./forwarding";

const ADDRESSES = compileAddressMap("http://backend.internal");
const view = () => ({ prefix: "", rest: "/", forwardedHost: "gateway.test", cookiesLeftOut: 0, transferCoding: null });

const NAMES = [
  "Connection",
  "connection",
  "X-A",
  "x-b",
  "X_Gatewright_Subject",
  "x-gatewright-scopes",
  "X-GATEWRIGHT_client-id",
  "X-Forwarded-For",
  "x_forwarded_host",
  "Forwarded",
  "Keep-Alive",
  "TE",
  "Transfer-Encoding",
  "Content-Length",
  "Expect",
  "X-Request-Id",
  "Cookie",
  "Authorization",
];
const VALUES = ["x-a", "X-B, close", "authorization", "1", "next-auth.session-token=s; a=1", "keep-alive", "Bearer x"];
const headers = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES)), { maxLength: 10 }).map((pairs) => pairs.flat());

const namesOf = (list: readonly string[]) => list.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
const connectionNames = (list: readonly string[]) =>
  list.flatMap((value, index) =>
    index % 2 === 1 && list[index - 1]?.toLowerCase() === "connection" ? value.split(",").map((name) => name.trim().toLowerCase()) : [],
  );

describe("a caller's headers", () => {
  it("reach the backend without what concerns the connection, what it names, and what only the gateway may say", () => {
    fc.assert(
      fc.property(headers, (raw) => {
        const passed = readCallerHeaders(raw);
        const named = connectionNames(raw);
        for (const name of namesOf(passed.headers)) {
          expect(name.replaceAll("_", "-")).not.toMatch(
            /^(x-gatewright-|x-forwarded-|forwarded$|x-request-id$|connection$|keep-alive$|te$|transfer-encoding$|content-length$|expect$|host$)/,
          );
          expect(named).not.toContain(name);
        }
        expect(passed.headers.filter((_, index) => passed.headers[index - 1]?.toLowerCase() === "cookie").join()).not.toContain(
          "next-auth",
        );
        const kept = raw.filter((name, index) => index % 2 === 0 && /^x-[ab]$/i.test(name) && !named.includes(name.toLowerCase()));
        expect(passed.headers.filter((name, index) => index % 2 === 0 && /^x-[ab]$/i.test(name))).toEqual(kept);
      }),
    );
  });

  it("are not changed in place, and several Authorization headers are a problem", () => {
    const raw = ["Authorization", "Bearer a", "authorization", "Bearer b"];
    expect(readCallerHeaders(raw).problem).toMatch(/several Authorization/);
    expect(raw).toHaveLength(4);
  });
});

describe("a backend's headers", () => {
  it("reach the caller without what concerns the connection, but with their length, whatever Connection says", () => {
    expect(
      passBackendHeaders(
        [
          "Connection",
          "content-length, x-a",
          "X-A",
          "1",
          "Content-Length",
          "2",
          "Transfer-Encoding",
          "chunked",
          "X-Gatewright-Subject",
          "x",
          "Trailer",
          "x",
        ],
        { dropCors: false, sharesConsoleOrigin: false },
        ADDRESSES,
        view(),
      ),
    ).toEqual(["Content-Length", "2"]);
  });

  it("lose their CORS headers only where the gateway answers cross-origin questions", () => {
    const raw = ["Access-Control-Allow-Origin", "*"];
    expect(passBackendHeaders(raw, { dropCors: true, sharesConsoleOrigin: false }, ADDRESSES, view())).toEqual([]);
    expect(passBackendHeaders(raw, { dropCors: false, sharesConsoleOrigin: false }, ADDRESSES, view())).toEqual(raw);
  });
});

describe("the console's cookies", () => {
  it("are taken out of Cookie and everything else stays", () => {
    expect(
      withoutConsoleCookies(
        "a=1; next-auth.session-token=x; __Host-next-auth.csrf-token=y; __Secure-next-auth.session-token.12=z; next-auth.callback-url=u; b=next-auth.session-token",
      ),
    ).toBe("a=1; b=next-auth.session-token");
    expect(withoutConsoleCookies("next-auth.session-token=x")).toBeNull();
    expect(withoutConsoleCookies("gatewright.device-aB_-1=x; a=1; __Secure-gatewright.device-c=y")).toBe("a=1");
    expect(withoutConsoleCookies("a=1;b=2")).toBe("a=1;b=2");
  });

  it.each([
    "next-auth.session-token=x; Path=/",
    " Next-Auth.Session-Token = x",
    "__Secure-next-auth.session-token.0=x",
    "=next-auth.session-token=x",
    "next-auth.csrf-token",
    "gatewright.device-aB_-1=x; Path=/api/auth",
  ])("are not set by %j", (value) => {
    expect(setsConsoleCookie(value)).toBe(true);
  });

  it.each(["session=next-auth.session-token", "my-next-auth.session-token=1", "a=1; next-auth.session-token=x"])(
    "have nothing to do with %j",
    (value) => {
      expect(setsConsoleCookie(value)).toBe(false);
    },
  );
});
