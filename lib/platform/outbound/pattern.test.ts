import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { matchesPattern, patternsOf } from "./pattern";

test.each([
  ["localhost", "localhost", true],
  ["localhost", "LOCALHOST", true],
  ["*.internal", "orders.internal", true],
  ["*.internal", "a.b.internal", true],
  ["*.internal", "internal", false],
  ["*.internal", "orders.internal.example", false],
  ["orders*", "orders-eu.example", true],
  ["10.0.*", "10.0.7.1", true],
  ["10.0.*", "10x0.7.1", false],
  ["a.c", "abc", false],
  ["(a|b)+", "aab", false],
  ["[a-z]", "b", false],
  ["*", "", true],
  ["", "a", false],
  ["a*b*c", "a1b2b3c", true],
  ["a*b*c", "acb", false],
])("the pattern %s and the host %s", (pattern, host, expected) => {
  expect(matchesPattern(pattern, host)).toBe(expected);
});

describe("patterns", () => {
  const piece = fc.constantFrom("a", "b", ".", "*", "+", "(", ")", "[", "]", "\\", "^", "$", "?", "{", "}", "-", "A");

  it("equal a regular expression with literal text and `.*` for stars", () => {
    const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (pattern, host) => {
        const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[^]*");
        expect(matchesPattern(pattern, host)).toBe(new RegExp(`^${escaped}$`, "i").test(host));
      }),
      { numRuns: 2000 },
    );
  });

  it("match texts built from them with any text for the stars", () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom("a", "B", ".", "-", "1") }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.string(), (literals, filling) => {
        expect(matchesPattern(literals.join("*"), literals.join(filling))).toBe(true);
      }),
    );
  });

  it("are separated by commas or bars, with or without spaces", () => {
    expect(patternsOf(" localhost|*.internal , 10.0.*||,")).toEqual(["localhost", "*.internal", "10.0.*"]);
  });
});
