import { afterEach, describe, expect, test, vi } from "vitest";
import { SHARED_READ_TIMEOUT_MS } from "@/lib/platform/database-unavailable";
import { Recent } from "./recent";

afterEach(() => void vi.useRealTimers());

describe("a recently read value", () => {
  test("is read once for concurrent callers, and stays the same object while unchanged", async () => {
    let reads = 0;
    let name = "a";
    const recent = new Recent(2, async () => {
      reads += 1;
      return { name };
    });
    const [first, second] = await Promise.all([recent.find("x"), recent.find("x")]);
    expect(first).toBe(second);
    expect(recent.fresh("x")).toBe(first);
    expect(reads).toBe(1);
    expect(await recent.load("x")).toBe(first);
    name = "b";
    expect(await recent.load("x")).toEqual({ name: "b" });
    expect(recent.last("x")).toEqual({ name: "b" });
  });

  test("isn't cached when it was invalidated during the read", async () => {
    const answers: ((value: { name: string }) => void)[] = [];
    const recent = new Recent(2, () => new Promise<{ name: string }>((resolve) => answers.push(resolve)));
    const old = recent.find("x");
    recent.invalidate("x");
    const current = recent.find("x");
    answers[1]?.({ name: "new" });
    expect(await current).toEqual({ name: "new" });
    answers[0]?.({ name: "old" });
    expect(await old).toEqual({ name: "old" });
    expect(recent.fresh("x")).toEqual({ name: "new" });
  });

  test("may be null, and is read again after an invalidation", async () => {
    const recent = new Recent(2, async () => null);
    expect(recent.fresh("x")).toBeUndefined();
    expect(await recent.find("x")).toBeNull();
    expect(recent.fresh("x")).toBeNull();
    recent.invalidate("x");
    expect(recent.fresh("x")).toBeUndefined();
  });

  test("isn't shared from a read that started more than 500 ms ago", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const answers: ((value: { name: string }) => void)[] = [];
    const recent = new Recent(2, () => new Promise<{ name: string }>((resolve) => answers.push(resolve)));
    const early = recent.find("x");
    vi.advanceTimersByTime(499);
    const beside = recent.find("x");
    vi.advanceTimersByTime(1);
    const late = [recent.find("x"), recent.find("x")];
    answers[0]?.({ name: "old" });
    expect(await Promise.all([early, beside])).toEqual([{ name: "old" }, { name: "old" }]);
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.({ name: "new" });
    expect(await Promise.all(late)).toEqual([{ name: "new" }, { name: "new" }]);
    expect(recent.fresh("x")).toEqual({ name: "new" });
  });

  test("that was renewed after a failed read is for `fresh`, not for `find`", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    let isAway = false;
    const recent = new Recent(2, async () => {
      if (isAway) throw new Error("away");
      return { name: "old" };
    });
    await recent.find("x");
    isAway = true;
    vi.advanceTimersByTime(500);
    recent.renew("x");
    expect(recent.fresh("x")).toEqual({ name: "old" });
    await expect(recent.find("x")).rejects.toThrow("away");
  });

  test("that was marked stale is read again, and stays the last known value if that fails", async () => {
    let reads = 0;
    const recent = new Recent(2, async () => {
      reads += 1;
      if (reads > 1) throw new Error("unreachable");
      return { name: "a" };
    });
    await recent.find("x");
    recent.markStale("x");
    expect(recent.fresh("x")).toBeUndefined();
    expect(recent.last("x")).toEqual({ name: "a" });
    await expect(recent.find("x")).rejects.toThrow("unreachable");
    recent.invalidate("x");
    expect(recent.last("x")).toBeUndefined();
  });

  test("times out when the read hangs, and the next call reads again", async () => {
    vi.useFakeTimers();
    let reads = 0;
    const recent = new Recent(2, () => {
      reads += 1;
      return reads === 1 ? new Promise<{ name: string }>(() => undefined) : Promise.resolve({ name: "a" });
    });
    const hung = recent.find("x");
    const gaveUp = expect(hung).rejects.toThrow(/didn't respond/);
    await vi.advanceTimersByTimeAsync(SHARED_READ_TIMEOUT_MS);
    await gaveUp;
    expect(await recent.find("x")).toEqual({ name: "a" });
  });
});
