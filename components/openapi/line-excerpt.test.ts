import { describe, expect, it } from "vitest";
import { excerptOf } from "./line-excerpt";

const text = "a\nb\r\nc\nd\ne\nf";

describe("the lines that a message speaks of", () => {
  it("stand with their neighbours, whatever ends a line", () => {
    expect(excerptOf(text, "Line 3, column 1: not a mapping.")).toEqual({
      line: 3,
      lines: ["a", "b", "c", "d", "e"].map((line, index) => ({ number: index + 1, text: line })),
    });
  });

  it("end where the text ends", () => {
    expect(excerptOf(text, "It ends at line 6.")?.lines.map(({ number }) => number)).toEqual([4, 5, 6]);
    expect(excerptOf(text, "line 1")?.lines.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it("are none when the message names no line, or one that is not there", () => {
    expect(excerptOf(text, "Only OpenAPI 3.0 and 3.1 can be read.")).toBeNull();
    expect(excerptOf(text, "line 7")).toBeNull();
    expect(excerptOf(text, "line 0")).toBeNull();
    expect(excerptOf(text, "deadline 3")).toBeNull();
  });

  it("are cut where a line is a whole document", () => {
    expect(excerptOf("x".repeat(100_000), "line 1")?.lines[0]?.text).toHaveLength(200);
  });
});
