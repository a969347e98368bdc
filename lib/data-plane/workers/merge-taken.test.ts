import { expect, test } from "vitest";
import { mergeTaken } from "./merge-taken";

const running = (...numbers: number[]) => numbers.map((number, index) => ({ apiId: `api_${index}`, number }));
const problem = { apiId: "api_1", number: 2, message: "It does not compile." };

test("a deployment runs when every worker serves it", () => {
  const merged = mergeTaken([
    { deployments: running(1, 2), problems: [], serving: 1 },
    { deployments: running(1, 1), problems: [], serving: 1 },
  ]);
  expect(merged).toEqual({ deployments: running(1), problems: [], serving: 2 });
});

test("a problem that all workers have is said once", () => {
  const part = { deployments: [], problems: [problem], serving: 1 };
  expect(mergeTaken([part, part]).problems).toEqual([problem]);
});

test("nobody serves nothing", () => {
  expect(mergeTaken([])).toEqual({ deployments: [], problems: [], serving: 0 });
});
