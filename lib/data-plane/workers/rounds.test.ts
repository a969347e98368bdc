import { expect, test, vi } from "vitest";
import { Rounds } from "./rounds";

test("all answers are collected, and what comes unasked is told from them", async () => {
  const rounds = new Rounds<string, number>();
  const asked: [string, number][] = [];
  const answers = rounds.ask(["a", "b"], (member, id) => asked.push([member, id]), 60_000);
  const [, id = 0] = asked[0] ?? [];
  expect(asked).toEqual([
    ["a", id],
    ["b", id],
  ]);
  expect([rounds.answer(id, "b", 2), rounds.answer(id, "b", 2), rounds.answer(id + 1, "a", 1), rounds.answer(id, "a", 1)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(await answers).toEqual([2, 1]);
  expect(rounds.answer(id, "a", 1)).toBe(false);
});

test("one that is gone is not waited for", async () => {
  const rounds = new Rounds<string, number>();
  const answers = rounds.ask(["a", "b"], (member, id) => member === "a" && rounds.answer(id, member, 1), 60_000);
  rounds.gone("b");
  expect(await answers).toEqual([1]);
});

test("nobody is asked nothing", async () => {
  expect(await new Rounds<string, number>().ask([], () => undefined, 60_000)).toEqual([]);
});

test("whoever lets time run out is named", async () => {
  vi.useFakeTimers();
  const late: string[] = [];
  const answers = new Rounds<string, number>().ask(
    ["a"],
    () => undefined,
    1000,
    (member) => late.push(member),
  );
  vi.advanceTimersByTime(1000);
  expect(await answers).toEqual([]);
  expect(late).toEqual(["a"]);
  vi.useRealTimers();
});
