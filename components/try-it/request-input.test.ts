import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyInput, headersOf, pathBelow, type RequestInput, tryInputOf } from "./request-input";

const gatewayUrl = "http://localhost:3000/gateway/echo";
const input = (changes: Partial<RequestInput>): RequestInput => ({ ...emptyInput, ...changes });
const row = (name: string, value: string) => ({ key: `${name}${value}`, name, value });
const problemsOf = (changes: Partial<RequestInput>, token: string | null = null) => {
  const result = tryInputOf(input(changes), token, gatewayUrl);
  return "problems" in result ? result.problems : [];
};

describe("the path of a call", () => {
  it.each([
    ["/items", "/items"],
    ["items?x=1", "/items?x=1"],
    ["", "/"],
    [" /items ", "/items"],
    [gatewayUrl, "/"],
    [`${gatewayUrl}/items/1?x=1`, "/items/1?x=1"],
    [`${gatewayUrl}?x=1`, "/?x=1"],
    [`${gatewayUrl}-other/items`, `/${gatewayUrl}-other/items`],
  ])("%j is %j below the context path", (text, path) => {
    expect(pathBelow(text, gatewayUrl)).toBe(path);
  });

  it("always starts with one slash of its own", () => {
    fc.assert(fc.property(fc.string(), (text) => pathBelow(text, gatewayUrl).startsWith("/")));
  });
});

describe("the headers of a call", () => {
  it("carry the token instead of a typed Authorization", () => {
    expect(headersOf(input({ headers: [row("authorization", "Basic x"), row("X-A", "1")] }), "abc")).toEqual([
      ["Authorization", "Bearer abc"],
      ["X-A", "1"],
    ]);
    expect(headersOf(input({ headers: [row("authorization", "Basic x")] }), null)).toEqual([["authorization", "Basic x"]]);
  });

  it("say the content type only with a body, and never twice", () => {
    expect(headersOf(input({ method: "POST", body: "{}" }), null)).toEqual([["Content-Type", "application/json"]]);
    expect(headersOf(input({ method: "POST", body: "{}", headers: [row("content-type", "text/plain")] }), null)).toEqual([
      ["content-type", "text/plain"],
    ]);
    expect(headersOf(input({ method: "POST", body: "" }), null)).toEqual([]);
    expect(headersOf(input({ method: "GET", body: "{}" }), null)).toEqual([]);
  });

  it("leave rows without a name out", () => {
    expect(headersOf(input({ headers: [row("", ""), row(" X-A ", " 1 ")] }), null)).toEqual([["X-A", "1"]]);
  });
});

describe("a call that cannot be sent", () => {
  it("says so at the field", () => {
    expect(problemsOf({ path: "/a b" })).toMatchObject([{ path: "path" }]);
    expect(problemsOf({ headers: [row("X-A", "1"), row("x a", "1")] })).toEqual([
      { path: "headers[1]", message: "A header name has letters, digits and - only." },
    ]);
    expect(problemsOf({ headers: [row("X-A", "1"), row("x-a", "2")] })).toMatchObject([{ path: "headers[1]" }]);
    expect(problemsOf({ headers: [row("", "1")] })).toMatchObject([{ path: "headers[0]" }]);
    expect(problemsOf({}, "two\nlines")).toMatchObject([{ path: "token" }]);
    expect(problemsOf({ method: "POST", body: "x", contentType: "a\nb" })).toMatchObject([{ path: "contentType" }]);
  });

  it("is none when everything is right", () => {
    expect(tryInputOf(input({ method: "POST", path: "items", body: "{}" }), "abc", gatewayUrl)).toEqual({
      call: { method: "POST", path: "/items", headers: { Authorization: "Bearer abc", "Content-Type": "application/json" }, body: "{}" },
    });
  });
});
