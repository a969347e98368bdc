import { expect, it } from "vitest";
import { countPlaywright, countVitest } from "./lib/test-counts.mjs";

const vitestReport = (files) => ({
  numPassedTests: files.flatMap((file) => file.tests).filter((status) => status === "passed").length,
  numFailedTests: files.flatMap((file) => file.tests).filter((status) => status === "failed").length,
  testResults: files.map((file) => ({ status: file.status, assertionResults: file.tests.map((status) => ({ status })) })),
});

it("counts a test file that could not be loaded as a failure", () => {
  const report = vitestReport([
    { status: "passed", tests: ["passed", "passed"] },
    { status: "failed", tests: [] },
  ]);
  expect(countVitest(report, 1)).toEqual({ passed: 2, failed: 1 });
});

it("counts a failed test once", () => {
  expect(countVitest(vitestReport([{ status: "failed", tests: ["passed", "failed"] }]), 1)).toEqual({ passed: 1, failed: 1 });
});

it("counts a run that failed outside of any test as a failure", () => {
  expect(countVitest(vitestReport([{ status: "passed", tests: ["passed"] }]), 1)).toEqual({ passed: 1, failed: 1 });
  expect(countVitest(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(countPlaywright(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(countPlaywright({ stats: { expected: 3, unexpected: 0, flaky: 0 } }, 1)).toEqual({ passed: 3, failed: 1 });
});

it("counts a flaky end-to-end test as failed", () => {
  expect(countPlaywright({ stats: { expected: 3, unexpected: 1, flaky: 1 } }, 1)).toEqual({ passed: 3, failed: 2 });
});
