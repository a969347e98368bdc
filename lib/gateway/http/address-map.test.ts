import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AddressView, compileAddressMap, mapLink, mapRefresh } from "./address-map";

const view = (more: Partial<AddressView> = {}): AddressView => ({
  prefix: "/orders",
  rest: "/go",
  forwardedHost: "api.shop.example",
  ...more,
});

describe("an address of the backend becomes one of the gateway", () => {
  it.each([
    ["http://backend.internal:8080/v2", "http://backend.internal:8080/v2/items/", "/orders/items/"],
    ["http://backend.internal:8080/v2", "http://backend.internal:8080/v2", "/orders"],
    ["http://backend.internal:8080/v2", "http://backend.internal:8080/v2?a=1", "/orders?a=1"],
    ["http://backend.internal:8080/v2", "HTTP://Backend.INTERNAL:8080/v2/items?a=1&b=%2F#c", "/orders/items?a=1&b=%2F#c"],
    ["http://backend.internal:8080/v2", "http://backend.internal.:8080/v2/a", "/orders/a"],
    ["http://backend.internal:8080/v2", "http://user:pass@backend.internal:8080/v2/a", "/orders/a"],
    ["http://backend.internal:8080/v2", "//backend.internal:8080/v2/items", "/orders/items"],
    ["http://backend.internal:8080/v2/", "//backend.internal:8080/v2/items", "/orders/items"],
    ["http://backend.internal:8080/v2", "/v2/items/7", "/orders/items/7"],
    ["http://backend.internal:8080/v2", "/v2", "/orders"],
    ["http://backend.internal:8080/v2", "\\v2\\items", "/orders/items"],
    ["http://backend.internal:8080/v2", "http:\\\\backend.internal:8080\\v2\\items", "/orders/items"],
    ["http://backend.internal:8080/v2", "/v2/a/../b", "/orders/b"],
    ["http://backend.internal:8080/v2", "/v2/%2e%2e/other", "/other"],
    ["http://backend.internal:8080/v2", "/v2/caf\xc3\xa9", "/orders/caf%C3%A9"],
    ["http://backend.internal:8080/v2", "http:/v2/items", "/orders/items"],
    ["http://backend.internal", "http://backend.internal/items", "/orders/items"],
    ["http://backend.internal", "http://backend.internal:80/items", "/orders/items"],
    ["http://backend.internal", "http://backend.internal", "/orders/"],
    ["http://backend.internal/", "/items", "/orders/items"],
    // The backend sits behind something that speaks TLS for it, and does not know.
    ["https://backend.internal/v2", "http://backend.internal/v2/items", "/orders/items"],
    ["http://[::1]:8080/v2", "http://[::1]:8080/v2/items", "/orders/items"],
    ["http://[::1]:8080/v2", "http://[0:0:0:0:0:0:0:1]:8080/v2/items", "/orders/items"],
    ["http://127.0.0.1:8080/v2", "http://127.1:8080/v2/items", "/orders/items"],
    // It was told the client's host, and not how it is reached there.
    ["http://backend.internal/v2", "http://api.shop.example/v2/items", "http://api.shop.example/orders/items"],
    ["http://backend.internal/v2", "https://API.shop.example:443/v2/items", "https://API.shop.example:443/orders/items"],
    // Outside of what clients reach, its name is left out at least.
    ["http://backend.internal:8080/v2", "http://backend.internal:8080/login", "/login"],
    ["http://backend.internal:8080/v2", "http://backend.internal:8080/v2-old", "/v2-old"],
    ["http://backend.internal:8080/v2", "http://backend.internal:8080", "/"],
    ["http://backend.internal:8080/v2", "http://backend.internal:8080:90/x", "/orders"],
  ])("%s: %s", (endpoint, location, expected) => {
    expect(compileAddressMap(endpoint).reference(location, view())).toBe(expected);
  });

  it.each([
    ["https://login.example/x"],
    ["//login.example/x"],
    ["///login.example/x"],
    ["/\\login.example/x"],
    ["http://backend.internal:9090/v2/x"],
    ["http://other.internal:8080/v2/x"],
    ["http://backend.internal.evil.example:8080/v2"],
    ["mailto:a@backend.example"],
    ["myapp://backend.internal/v2/x"],
    ["data:text/plain,hello"],
    ["items/7"],
    ["./items/7"],
    ["../go/7"],
    ["?page=2"],
    ["#part"],
    ["/other"],
    ["/orders/items/7"],
    ["http://api.shop.example/orders/items/7"],
    ["http://api.shop.example/login"],
    [""],
    ["http://[bad"],
  ])("%s stays as it is", (location) => {
    expect(compileAddressMap("http://backend.internal:8080/v2").reference(location, view())).toBe(location);
  });

  it("is resolved where a relative one would lead clients elsewhere", () => {
    const root = view({ rest: "" });
    expect(compileAddressMap("http://b/v2/").reference("items/7", root)).toBe("/orders/items/7");
    expect(compileAddressMap("http://b").reference("items/7", root)).toBe("/orders/items/7");
    // It climbs out of the base: where it leads is no part of the API.
    expect(compileAddressMap("http://b/v2").reference("../login", view({ prefix: "/gateway/orders" }))).toBe("/login");
  });

  it("is left as it is when the backend read X-Forwarded-Prefix, and loses a base that it put behind the prefix", () => {
    const map = compileAddressMap("http://b/v2");
    expect(map.reference("http://api.shop.example/orders/v2/items", view())).toBe("http://api.shop.example/orders/items");
    expect(map.reference("/orders/v2/items", view())).toBe("/orders/items");
    expect(map.reference("/orders/v2/items", view({ rest: "/v2/items" }))).toBe("/orders/v2/items");
    // The API itself has a path of that name below its context path.
    expect(compileAddressMap("http://b").reference("/orders/8", view({ rest: "/orders" }))).toBe("/orders/orders/8");
    expect(compileAddressMap("http://b").reference("/orders/8", view())).toBe("/orders/8");
  });

  it("never becomes a host, whatever slashes stand in it", () => {
    const map = compileAddressMap("http://b/v2");
    const root = view({ prefix: "" });
    for (const location of ["/v2//evil.example/x", "http://b/v2//evil.example", "http://b//evil.example", "http://b/v2/\\evil.example"]) {
      const mapped = map.reference(location, root);
      expect(new URL(mapped, "http://api.shop.example/go").host).toBe("api.shop.example");
    }
  });
});

const segment = fc.stringMatching(/^[A-Za-z0-9_~!$&'()*+,=:@-][A-Za-z0-9._~!$&'()*+,;=:@%-]{0,6}$/).filter((text) => !/%|\.$/.test(text));
const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.map((text) => `/${text}`).join(""));
const host = fc.constantFrom("backend.internal", "10.0.0.5", "[::1]", "[2001:db8::7]", "xn--bcher-kva.example");
const port = fc.constantFrom("", ":8080", ":80", ":443", ":65535");
const scheme = fc.constantFrom("http", "https");
const tail = fc.constantFrom("", "?a=1", "?next=http://backend.internal/v2", "#top", "?a=%2F#b");

describe("for any endpoint, context path and rest", () => {
  it("every spelling of an address below the endpoint is the client's address of the same thing", () => {
    fc.assert(
      fc.property(scheme, host, port, path, path, path, tail, (protocol, name, number, base, prefix, rest, end) => {
        const spelled = `${protocol}://${name}${number}`;
        const map = compileAddressMap(spelled + base);
        const seen = view({ prefix, rest: "/somewhere" });
        fc.pre(prefix === "" || !`${base}${rest}`.startsWith(prefix));
        const expected = (prefix + rest || "/") + end;
        const reached = rest === "" && base === "" ? "/" : base + rest;
        if (base + rest !== "") expect(map.reference(reached + end, seen)).toBe(expected);
        if (base + rest !== "") expect(map.reference(spelled + reached + end, seen)).toBe(expected);
        if (base + rest !== "") expect(map.reference(`//${name}${number}${reached}${end}`, seen)).toBe(expected);
      }),
    );
  });

  it("nothing throws, the backend's name never remains, and what is mapped once is not mapped again", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "http:",
        "https:",
        "//",
        "/",
        "\\",
        "backend.internal:8080",
        "/v2",
        "..",
        ".",
        "?",
        "#",
        "@",
        "[",
        "]",
        ":",
        " ",
        "\t",
        "%",
        "%2e",
      ),
      fc.string({ maxLength: 5 }),
    );
    const map = compileAddressMap("http://backend.internal:8080/v2");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom("", "/orders", "/gateway/orders"), (pieces, prefix) => {
        const location = pieces.join("").replace(/[^\x20-\x7e\x80-\xff]/g, "");
        const seen = view({ prefix });
        const mapped = map.reference(location, seen);
        const client = URL.canParse(mapped, `http://api.shop.example${prefix}/go`)
          ? new URL(mapped, `http://api.shop.example${prefix}/go`)
          : null;
        // Another scheme, such as ftp, is no address of the HTTP backend.
        if (client === null || /^https?:$/.test(client.protocol)) expect(client?.host).not.toBe("backend.internal:8080");
        // What lies at the base below the base looks like the path of a backend that put the prefix before its own.
        const looksDoubled = client?.pathname.startsWith(`${prefix}/v2`) === true;
        if (prefix !== "" && !looksDoubled) expect(map.reference(mapped, seen)).toBe(mapped);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("addresses within other headers", () => {
  const map = compileAddressMap("http://backend.internal:8080/v2");
  it.each([
    ["5; url=http://backend.internal:8080/v2/next", "5; url=/orders/next"],
    ["0;URL='http://backend.internal:8080/v2/next'", "0;URL='/orders/next'"],
    ['0, "/v2/next"', '0, "/orders/next"'],
    ["5", "5"],
    ["3; url=https://login.example/", "3; url=https://login.example/"],
  ])("Refresh: %s", (value, expected) => {
    expect(mapRefresh(value, map, view())).toBe(expected);
  });

  it.each([
    [
      '<http://backend.internal:8080/v2/items?page=2>; rel="next", </v2/items?page=9>; rel="last"',
      '</orders/items?page=2>; rel="next", </orders/items?page=9>; rel="last"',
    ],
    ['<https://cdn.example/a.css>; rel=preload; title="a </v2/x> b"', '<https://cdn.example/a.css>; rel=preload; title="a </v2/x> b"'],
    ["nonsense", "nonsense"],
    // A quoted string that never ends hides no target.
    ['</v2/a>; title="x, <http://backend.internal:8080/v2/b>', '</orders/a>; title="x, </orders/b>'],
    ['</v2/a>; title="x\\" <http://backend.internal:8080/v2/b>\\', '</orders/a>; title="x\\" </orders/b>\\'],
  ])("Link: %s", (value, expected) => {
    expect(mapLink(value, map, view())).toBe(expected);
  });

  it("Link: a quoted string that never ends is read once, not from each of its quotes", () => {
    // With a search from each quote this takes minutes.
    const value = `"${'\\"'.repeat(250_000)}`;
    expect(mapLink(value, map, view()) === value).toBe(true);
  });
});
