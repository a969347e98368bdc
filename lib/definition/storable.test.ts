import { expect, test } from "vitest";
import { unstorableText } from "./storable";

test("a NUL and a lone surrogate are named where they stand, in values and in keys", () => {
  const value = { name: "a\0b", list: ["fine", { deep: "\ud800" }], "k\0": 1, pair: "\ud83d\ude00" };
  expect(unstorableText(value).map((problem) => problem.path)).toEqual(["name", "list[1].deep", ""]);
});

test("a key that is the prototype is named", () => {
  expect(unstorableText(JSON.parse('{"a":{"__proto__":{}}}'))).toEqual([{ path: "a", message: expect.stringContaining("__proto__") }]);
});

test("what nests without end is refused, not followed", () => {
  expect(unstorableText(JSON.parse(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`))).toEqual([
    { path: "", message: "The input is nested too deeply: more than 200 levels. Flatten it." },
  ]);
});
