import { expect, it } from "vitest";
import { localCounters } from "./local-counters";

it("remembers only so many keys, those that were counted last", () => {
  const counters = localCounters(() => 0, 2);
  for (const key of ["a", "b", "a", "c"]) counters.add(key, 1, 1000);
  expect(counters.add("a", 1, 1000).total).toBe(3);
  expect(counters.add("b", 1, 1000).total).toBe(1);
});
