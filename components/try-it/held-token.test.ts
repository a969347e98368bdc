import { describe, expect, it } from "vitest";
import { holdToken, isTokenFor, tokenInPaste } from "./held-token";

const held = holdToken(
  { accessToken: "abc", tokenType: "Bearer", expiresIn: 300, scope: "b a" },
  { applicationId: "app_1", scopes: ["a", "b"] },
  1_000,
);

describe("a held token", () => {
  it("ends when it was said to, counted from its arrival", () => {
    expect(held).toMatchObject({ expiresAt: 301_000, scopes: ["b", "a"] });
    expect(
      holdToken({ accessToken: "abc", tokenType: "Bearer", expiresIn: 300, scope: null }, { applicationId: "app_1", scopes: [] }, 0).scopes,
    ).toEqual([]);
  });

  it("is for exactly the application and the scopes that it was asked for, in any order", () => {
    expect(isTokenFor(held, { applicationId: "app_1", scopes: ["b", "a"] })).toBe(true);
    expect(isTokenFor(held, { applicationId: "app_2", scopes: ["a", "b"] })).toBe(false);
    expect(isTokenFor(held, { applicationId: "app_1", scopes: ["a"] })).toBe(false);
    expect(isTokenFor(held, { applicationId: "app_1", scopes: ["a", "b", "c"] })).toBe(false);
  });
});

describe("a pasted token", () => {
  it.each(["abc.def", " abc.def\n", "Bearer abc.def", "bearer   abc.def ", "Authorization: Bearer abc.def", '"abc.def"', "'abc.def'"])(
    "is found in %j",
    (text) => {
      expect(tokenInPaste(text)).toBe("abc.def");
    },
  );

  it("is nothing when nothing was pasted", () => {
    expect(tokenInPaste("  ")).toBe("");
  });
});
