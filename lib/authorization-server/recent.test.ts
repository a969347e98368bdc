import { describe, expect, test } from "vitest";
import { Recent } from "./recent";

describe("what was read lately", () => {
  test("is read once for all who ask, and stays the same object while it stays the same", async () => {
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

  test("is not kept when it was forgotten while it was read", async () => {
    const answers: ((value: { name: string }) => void)[] = [];
    const recent = new Recent(2, () => new Promise<{ name: string }>((resolve) => answers.push(resolve)));
    const old = recent.find("x");
    recent.forget("x");
    const current = recent.find("x");
    answers[1]?.({ name: "new" });
    expect(await current).toEqual({ name: "new" });
    answers[0]?.({ name: "old" });
    expect(await old).toEqual({ name: "old" });
    expect(recent.fresh("x")).toEqual({ name: "new" });
  });

  test("remembers that there is nothing, and forgets when it is told", async () => {
    const recent = new Recent(2, async () => null);
    expect(recent.fresh("x")).toBeUndefined();
    expect(await recent.find("x")).toBeNull();
    expect(recent.fresh("x")).toBeNull();
    recent.forget("x");
    expect(recent.fresh("x")).toBeUndefined();
  });
});
