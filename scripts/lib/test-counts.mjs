/**
 * How many tests passed and failed, from Vitest's JSON report. A file that could not be loaded, a hook that failed and an
 * error outside of any test are failures too, although no test says so.
 *
 * @param {any} report the report, or undefined when there is none
 * @param {number} exitCode of the run
 */
export function countVitest(report, exitCode) {
  if (!report) return { passed: 0, failed: exitCode === 0 ? 0 : 1 };
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** The same from Playwright's JSON report. A flaky test has failed: retries hide nothing. */
export function countPlaywright(report, exitCode) {
  if (!report) return { passed: 0, failed: exitCode === 0 ? 0 : 1 };
  const failed = report.stats.unexpected + report.stats.flaky;
  return { passed: report.stats.expected, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}
