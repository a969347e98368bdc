import { expect, test } from "vitest";
import { unstorableText } from "./storable";

test("a NUL and a lone surrogate are named where they stand, in values and in keys", () => {
  const value = { name: "a\0b", list: ["fine", { deep: "\ud800" }], "k\0": 1, pair: "\ud83d\ude00" };
  expect(unstorableText(value).map((problem) => problem.path)).toEqual(["name", "list[1].deep", ""]);
});
