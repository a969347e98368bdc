import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createHeartbeat, HUNG_AFTER_MS } from "./heartbeat";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started() {
  let at = 0;
  const [well, ill] = [{ name: "well" }, { name: "ill" }];
  const hung: object[] = [];
  const heartbeat = createHeartbeat(
    () => [well, ill],
    (member) => member === well && heartbeat.heard(member),
    (member) => hung.push(member),
    () => at,
  );
  const pass = (ms: number, step = 1000) => {
    for (let passed = 0; passed < ms; passed += step) {
      at += step;
      vi.advanceTimersByTime(1000);
    }
  };
  return { hung, ill, pass, heartbeat };
}

test("a worker that says nothing is reported once, and one that answers never", () => {
  const { hung, ill, pass, heartbeat } = started();
  pass(HUNG_AFTER_MS);
  expect(hung).toEqual([]);
  pass(10 * HUNG_AFTER_MS);
  expect(hung).toEqual([ill]);
  heartbeat.stop();
});

test("the silence of a time in which this process stood still itself does not count", () => {
  const { hung, pass, heartbeat } = started();
  pass(20 * HUNG_AFTER_MS, 4 * HUNG_AFTER_MS);
  expect(hung).toEqual([]);
  heartbeat.stop();
});
