import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callbackPath } from "./callback-path";

describe("where one goes after sign-in", () => {
  it("keeps a path of the console with its query", () => {
    expect(callbackPath("/apis/a1/studio?step=2#top")).toBe("/apis/a1/studio?step=2#top");
  });

  it.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "",
    "/sign-in",
    undefined,
    ["/apis", "/b"],
  ])("goes to the start instead of %j", (asked) => {
    expect(callbackPath(asked)).toBe("/");
  });

  it("never leaves the origin, whatever was asked", () => {
    const piece = fc.constantFrom("/", "\\", ".", "..", "%2f", "\t", "\n", "@", ":", "evil.example", "?", "#", "a");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const path = callbackPath(`/${pieces.join("")}`);
        expect(new URL(path, "https://console.example").origin).toBe("https://console.example");
      }),
    );
  });
});
