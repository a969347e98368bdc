import { describe, expect, it } from "vitest";
import { lifetimeWords } from "./lifetime-words";

describe("a lifetime in words", () => {
  it.each([
    [5, "5 minutes"],
    [1, "1 minute"],
    [60, "1 hour"],
    [90, "1 hour 30 minutes"],
    [1440, "24 hours"],
    [0, "0 minutes"],
  ])("says %i minutes as %s", (minutes, words) => {
    expect(lifetimeWords(minutes)).toBe(words);
  });
});
