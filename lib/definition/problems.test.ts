import { expect, test } from "vitest";
import { z } from "zod";
import { duplicateKeys } from "./duplicate-keys";
import { formatPath, problemsOf } from "./problems";
import { unstorableText } from "./storable";

const LONG = "k".repeat(1_000_000);
const HUNDRED = Array.from({ length: 100 }, (_, index) => index);
const size = (value: unknown) => JSON.stringify(value).length;

test("a path is written as people read it", () => {
  expect(formatPath(["flows", 0, "request", 1, "config", "limit"])).toBe("flows[0].request[1].config.limit");
  expect(formatPath(["k".repeat(200), 3])).toBe(`${"k".repeat(200)}[3]`);
  expect(formatPath(["k".repeat(201), 3])).toBe(`${"k".repeat(200)}…[3]`);
  expect(formatPath([`${"k".repeat(199)}😀`]).isWellFormed()).toBe(true);
});

test("a long key is not repeated in each problem below it", () => {
  const members = Object.fromEntries(HUNDRED.map((index) => [`a${index}`, "\0"]));
  expect(unstorableText({ [LONG]: members })).toHaveLength(100);
  expect(size(unstorableText({ [LONG]: members }))).toBeLessThan(100_000);

  const twice = duplicateKeys(`{"${LONG}":{${HUNDRED.map(() => '"a":1').join()}}}`);
  expect(twice).toHaveLength(99);
  expect(size(twice)).toBeLessThan(100_000);
});

test("long paths and messages are cut", () => {
  expect(formatPath(HUNDRED.map(() => LONG)).length).toBeLessThan(3000);
  expect(formatPath(HUNDRED.map(() => LONG)).endsWith("…")).toBe(true);

  const unknown = z.strictObject({}).safeParse({ [LONG]: 1 });
  expect(unknown.error && size(problemsOf(unknown.error))).toBeLessThan(1000);
  const repeated = z.string().refine(() => false, { error: ({ input }) => `No resource is called ${input}.` });
  const named = repeated.safeParse(LONG);
  expect(named.error && size(problemsOf(named.error))).toBeLessThan(3000);
});
