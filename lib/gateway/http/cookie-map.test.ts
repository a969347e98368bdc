import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileAddressMap } from "./address-map";
import { CookieBudget, mapSetCookie } from "./cookie-map";

const map = compileAddressMap("http://orders.backend.internal:8080/v2");
const view = (more: object = {}) => ({ prefix: "/gateway/orders", rest: "/login", forwardedHost: "api.shop.example:8443", ...more });
const here = { sharesConsoleOrigin: true };
const apart = { sharesConsoleOrigin: false };

describe("a backend's cookie", () => {
  it.each([
    ["sid=1; Path=/v2; HttpOnly", "sid=1; HttpOnly; Path=/gateway/orders"],
    ["sid=1; path = /v2/admin ;Secure", "sid=1;Secure; Path=/gateway/orders/admin"],
    ["sid=1; Path=/v2/", "sid=1; Path=/gateway/orders"],
    ["sid=1; Path=/", "sid=1; Path=/gateway/orders"],
    ["sid=1; Path=/; Path=/v2/a", "sid=1; Path=/gateway/orders/a"],
    ["sid=1; Path=/v2/a; PATH=/", "sid=1; Path=/gateway/orders"],
    ["sid=1; Path=/gateway/orders/a", "sid=1; Path=/gateway/orders/a"],
    ["sid=1; Path=/api", "sid=1; Path=/gateway/orders/api"],
    ["sid=1; Path=/gateway", "sid=1; Path=/gateway/orders/gateway"],
    ["sid=1; Path=/v2-old", "sid=1; Path=/gateway/orders/v2-old"],
    ["sid=1", "sid=1"],
    ["sid=1; Path=", "sid=1"],
    ['sid=1; Path="/"', "sid=1"],
    ["sid=1; Path", "sid=1"],
  ])("%s gets a path below the API", (cookie, expected) => {
    expect(mapSetCookie(cookie, map, view(), here)).toBe(expected);
    expect(mapSetCookie(cookie, map, view(), apart)).toBe(expected);
  });

  it("of the context path itself gets its path, because clients would take the one above", () => {
    expect(mapSetCookie("sid=1", map, view({ rest: "" }), apart)).toBe("sid=1; Path=/gateway/orders");
  });

  it("keeps the path that its prefix demands, but not beside the console", () => {
    expect(mapSetCookie("__Host-sid=1; Secure; Path=/", map, view(), apart)).toBe("__Host-sid=1; Secure; Path=/");
    expect(mapSetCookie("__host-sid=1; Secure; Path=/", map, view(), here)).toBe("__host-sid=1; Secure; Path=/gateway/orders");
    expect(mapSetCookie("__Secure-sid=1; Secure; Path=/", map, view(), apart)).toBe("__Secure-sid=1; Secure; Path=/gateway/orders");
  });

  it.each([
    ["orders.backend.internal", ""],
    [".orders.backend.internal", ""],
    ["ORDERS.backend.internal", ""],
    ["backend.internal", ""],
    ["internal", ""],
    ["shop.example", "; Domain=shop.example"],
    ["other.example", "; Domain=other.example"],
  ])("with the domain %s", (domain, kept) => {
    expect(mapSetCookie(`sid=1; Domain=${domain}; Path=/v2`, map, view(), apart)).toBe(`sid=1${kept}; Path=/gateway/orders`);
  });

  it("keeps a domain that covers the backend and the gateway alike, and loses the backend's own address", () => {
    const near = compileAddressMap("http://orders.shop.example/v2");
    expect(mapSetCookie("sid=1; Domain=shop.example", near, view(), apart)).toBe("sid=1; Domain=shop.example");
    const local = compileAddressMap("http://127.0.0.1:9000");
    expect(mapSetCookie("sid=1; Domain=127.0.0.1", local, view({ forwardedHost: "127.0.0.1:8082" }), apart)).toBe("sid=1");
  });

  it("never reaches beyond the API where the console is on the same host, whatever its attributes are", () => {
    const attribute = fc.oneof(
      fc.constantFrom(
        "Path=/",
        "path=/v2",
        "Path=//",
        "Path=/..",
        "Path=",
        "PATH = /gateway",
        "Secure",
        "HttpOnly",
        "Domain=internal",
        "Max-Age=0",
        " ",
        "=",
        "Path",
      ),
      fc.string({ maxLength: 8 }).map((text) => `Path=/${text.replace(/[^ -~]|;/g, "")}`),
    );
    fc.assert(
      fc.property(fc.constantFrom("a=1", "__Host-a=1", "__Secure-a=1", "=a", "a"), fc.array(attribute), (pair, attributes) => {
        const parts = mapSetCookie([pair, ...attributes].join(";"), map, view(), here).split(";");
        const paths = parts.slice(1).filter((part) => /^\s*path\s*(?:=|$)/i.test(part));
        expect(paths.length).toBeLessThanOrEqual(1);
        for (const found of paths) expect(found.slice(found.indexOf("=") + 1).trim()).toMatch(/^\/gateway\/orders(?:\/|$)/);
      }),
    );
  });
});

describe("the cookies of one response", () => {
  it("are as many as browsers keep for one of many APIs, and no larger", () => {
    const budget = new CookieBudget();
    expect(budget.takes(`a=${"x".repeat(4095)}`)).toBe(false);
    expect(budget.takes(`a=${"x".repeat(4094)}; Path=/; HttpOnly`)).toBe(true);
    for (let count = 1; count < 50; count += 1) expect(budget.takes(`c${count}=1`)).toBe(true);
    expect(budget.takes("one=more")).toBe(false);
    expect(budget.leftOut).toBe(2);
    const large = new CookieBudget();
    expect([1, 2, 3, 4, 5].map(() => large.takes(`a=${"x".repeat(4094)}`))).toEqual([true, true, true, true, false]);
  });
});
