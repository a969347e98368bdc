import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { descriptionProblem, nameProblem } from "./shown-text";

describe("a name", () => {
  it.each(["Orders", "Bestellungen für 日本", "نام‌ها", "👩‍🚀 v2", "a-b_c (test) #1", "1.0.0", ""])("may be %j", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  it.each(["\u200b", "\u2060", "\u2066\u2067", "a\u001b[2J", "a\u009b31m", "a\r\nb", "a\u202eb", "a\u2028b", "\u{e0041}", " ", "a\tb"])(
    "is not %j",
    (name) => {
      expect(nameProblem(name)).toBeDefined();
    },
  );

  it("that passes stands in one line and moves no cursor", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        if (nameProblem(name) === undefined) expect(name).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
      }),
    );
  });
});

describe("a description", () => {
  it("has lines, and nothing else that is not shown", () => {
    expect(descriptionProblem("One.\r\n\tTwo.\n")).toBeUndefined();
    expect(descriptionProblem("a\u001b[2J")).toBeDefined();
    expect(descriptionProblem("a\u202eb")).toBeDefined();
  });
});
