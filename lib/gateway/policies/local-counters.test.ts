import { expect, it } from "vitest";
import { localCounters } from "./local-counters";

it("evicts the least recently used keys beyond the limit", () => {
  const counters = localCounters(() => 0, 2);
  for (const key of ["a", "b", "a", "c"]) counters.add(key, 1, 1000);
  expect(counters.add("a", 1, 1000).total).toBe(3);
  expect(counters.add("b", 1, 1000).total).toBe(1);
});
