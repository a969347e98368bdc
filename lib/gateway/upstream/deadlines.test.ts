import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Deadline, Deadlines } from "./deadlines";

const TIME = 100;

describe("deadlines", () => {
  // The clock is turned by hand: nothing here depends on how fast the machine is.
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("expire what is neither removed nor refreshed, each once, in its time", () => {
    const action = fc.record({ kind: fc.constantFrom("add", "remove", "refresh"), item: fc.nat(5), wait: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const deadlines = new Deadlines(TIME);
        const expired: number[] = [];
        const model = new Map<number, number>();
        const expected: number[] = [];
        let now = 0;
        const items = Array.from({ length: 6 }, (_, index): Deadline => {
          return { dueAt: 0, previous: null, next: null, expire: () => expired.push(index) };
        });
        const advance = (milliseconds: number) => {
          now += milliseconds;
          vi.advanceTimersByTime(milliseconds);
          for (const [index, due] of [...model].sort((a, b) => a[1] - b[1])) {
            if (due > now) continue;
            model.delete(index);
            expected.push(index);
          }
        };
        for (const { kind, item, wait } of actions) {
          const deadline = items[item];
          if (!deadline) continue;
          if (kind === "remove") {
            deadlines.remove(deadline);
            model.delete(item);
          } else if (kind === "add" ? !model.has(item) : model.has(item)) {
            if (kind === "add") deadlines.add(deadline);
            else deadlines.refresh(deadline);
            // Set again, so that the order among equals is that of the list.
            model.delete(item);
            model.set(item, now + TIME);
          }
          advance(wait);
        }
        advance(TIME);
        expect(expired).toEqual(expected);
        expect(model.size).toBe(0);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});
