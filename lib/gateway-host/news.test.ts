import { expect, test } from "vitest";
import { news } from "./news";

test("a lasting problem is reported once; a new or returning one again", () => {
  const problems = news<{ apiId: string; number: number }>(({ apiId, number }) => `${apiId} ${number}`);
  const first = { apiId: "api_a", number: 1 };
  const second = { apiId: "api_a", number: 2 };
  const other = { apiId: "api_b", number: 1 };
  expect(problems.of([first])).toEqual([first]);
  expect(problems.of([first])).toEqual([]);
  expect(problems.of([first, other])).toEqual([other]);
  expect(problems.of([second, other])).toEqual([second]);
  expect(problems.of([])).toEqual([]);
  expect(problems.of([second])).toEqual([second]);
});
