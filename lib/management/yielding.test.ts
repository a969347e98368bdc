import { expect, test } from "vitest";
import { runSteps } from "./yielding";

/** Holds the thread until the clock has moved on. */
function hold(milliseconds: number) {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

function* steps(count: number, milliseconds: number): Generator<undefined, string> {
  for (let n = 0; n < count; n += 1) {
    hold(milliseconds);
    yield;
  }
  return "done";
}

/** How many turns others get while some work runs. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let running = true;
  const other = () => {
    turns += 1;
    if (running) setImmediate(other);
  };
  setImmediate(other);
  await work();
  running = false;
  return turns;
}

test("long work lets others have turns in between", async () => {
  expect(await turnsDuring(() => runSteps(steps(10, 6)))).toBeGreaterThanOrEqual(9);
});

test("work returns its result", async () => {
  expect(await runSteps(steps(3, 0))).toBe("done");
});
