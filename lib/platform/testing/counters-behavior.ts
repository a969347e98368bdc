import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Counters, TryLimit } from "../try-limits";

const WINDOW_MS = 60_000;
const limitOf = (pool: string, max: number, key: string = randomUUID()): TryLimit => ({ pool, key, max, windowSeconds: WINDOW_MS / 1000 });

/**
 * Tests of every implementation of counters.
 * @param make creates counters with at most `keysMax` keys per pool
 */
export function testCounters(make: (keysMax?: number) => Counters): void {
  const pool = () => `test-${randomUUID()}`;

  test("a limit allows its maximum and then rejects until its window ends", async () => {
    const counters = make();
    const limit = limitOf(pool(), 3);
    for (let time = 0; time < 3; time += 1) expect(await counters.take([limit])).toBe(0);
    const waitMs = await counters.take([limit]);
    expect(waitMs).toBeGreaterThan(WINDOW_MS / 2);
    expect(waitMs).toBeLessThanOrEqual(WINDOW_MS);
  });

  test("a rejected attempt isn't counted, before or after the rejecting limit", async () => {
    const counters = make();
    const [before, used, after] = [limitOf(pool(), 2), limitOf(pool(), 1), limitOf(pool(), 2)];
    await counters.take([used]);
    for (let time = 0; time < 20; time += 1) expect(await counters.take([before, used, after])).toBeGreaterThan(0);
    expect(await counters.take([before])).toBe(0);
    expect(await counters.take([before])).toBe(0);
    expect(await counters.take([after])).toBe(0);
    expect(await counters.take([after])).toBe(0);
    expect(await counters.take([before])).toBeGreaterThan(0);
  });

  test("concurrent attempts don't exceed the limit", async () => {
    const counters = make();
    const limit = limitOf(pool(), 7);
    const waits = await Promise.all(Array.from({ length: 50 }, () => counters.take([limit])));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(7);
  });

  test("a check returns the wait and counts nothing", async () => {
    const counters = make();
    const limit = limitOf(pool(), 1);
    for (let time = 0; time < 5; time += 1) expect(await counters.check([limit])).toBe(0);
    expect(await counters.take([limit])).toBe(0);
    expect(await counters.check([limit])).toBeGreaterThan(0);
  });

  test("giving an attempt back allows another, up to the limit", async () => {
    const counters = make();
    const limit = limitOf(pool(), 1);
    await counters.take([limit]);
    await counters.giveBack([limit]);
    await counters.giveBack([limit]);
    expect(await counters.take([limit])).toBe(0);
    expect(await counters.take([limit])).toBeGreaterThan(0);
  });

  test("a cleared limit starts again", async () => {
    const counters = make();
    const limit = limitOf(pool(), 1);
    await counters.take([limit]);
    await counters.clear([limit]);
    expect(await counters.take([limit])).toBe(0);
  });

  test("a full pool evicts the window that ends first, and no key of another pool", async () => {
    const counters = make(3);
    const [full, other] = [pool(), pool()];
    const bystander = limitOf(other, 1);
    await counters.take([bystander]);
    const limits = Array.from({ length: 4 }, () => limitOf(full, 1));
    for (const limit of limits) {
      await counters.take([limit]);
      // Windows that open in the same millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const waits = [];
    for (const limit of limits.slice(1)) waits.push(await counters.take([limit]));
    expect(waits.every((wait) => wait > 0)).toBe(true);
    expect(await counters.take(limits.slice(0, 1))).toBe(0);
    expect(await counters.take([bystander])).toBeGreaterThan(0);
  });

  test("the same key in two pools is two counters", async () => {
    const counters = make();
    const [one, other] = [limitOf(pool(), 1, "same"), limitOf(pool(), 1, "same")];
    await counters.take([one]);
    expect(await counters.take([other])).toBe(0);
  });
}
