import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellQuote } from "./shell-quote";

const printed = (word: string) => execFileSync("sh", ["-c", `printf %s ${word}`], { encoding: "utf8" });

describe("a quoted text", () => {
  it("comes back from a real shell as it was", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(text, (value) => {
        expect(printed(shellQuote(value))).toBe(value);
      }),
      { numRuns: 60 },
    );
  });

  it.each(["", "'", "it's", "$HOME", "`id`", "a\nb", "a\\", "~", "-n", "*", "{a,b}", "#x", "=ls", "\t", "!!"])("keeps %j", (value) => {
    expect(printed(shellQuote(value))).toBe(value);
  });

  it("stays bare when it needs no quotes", () => {
    expect(shellQuote("http://localhost:3000/gateway/echo")).toBe("http://localhost:3000/gateway/echo");
  });

  it("refuses a NUL, which a shell would cut off", () => {
    expect(() => shellQuote("a\0b")).toThrow(RangeError);
  });
});
