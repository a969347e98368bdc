import { describe, expect, test } from "vitest";
import { logDestination } from "./log-destination";

/** A reader that accepts lines on demand. */
function reader() {
  const taken: string[] = [];
  let waiting: { text: string; done: (error?: Error | null) => void } | null = null;
  return {
    taken,
    output: {
      write(text: string, done: (error?: Error | null) => void) {
        expect(waiting).toBeNull();
        waiting = { text, done };
      },
      on: () => undefined,
    },
    /** Accepts all pending lines, including new ones. */
    take(error?: Error) {
      while (waiting) {
        const { text, done } = waiting;
        waiting = null;
        if (!error) taken.push(text);
        done(error);
      }
    },
  };
}

describe("the log's destination", () => {
  test("keeps the order, with one pending write at a time", () => {
    const { taken, output, take } = reader();
    const { write, dropped } = logDestination(output);
    for (const text of ["1\n", "2\n", "3\n"]) write(text);
    take();
    expect([taken, dropped()]).toEqual([["1\n", "2\n", "3\n"], 0]);
  });

  test("drops and counts lines while the reader stalls, and logs the number when it recovers", () => {
    const { taken, output, take } = reader();
    const { write, dropped } = logDestination(output, 10);
    write("12345\n");
    write("678\n");
    write("a\nb\nc\n");
    write("d\n");
    expect(dropped()).toBe(4);
    take();
    expect(taken.slice(0, 2)).toEqual(["12345\n", "678\n"]);
    write("e\n");
    take();
    expect(dropped()).toBe(4);
    expect(taken).toContain("e\n");
  });

  test("logs the number of dropped lines", () => {
    const { taken, output, take } = reader();
    const { write } = logDestination(output, 200);
    write("1\n");
    write(`${"x".repeat(300)}\n`);
    take();
    expect(JSON.parse(taken[1] ?? "")).toMatchObject({ level: 40, dropped: 1 });
  });

  test("recovers from a full disk", () => {
    const { taken, output, take } = reader();
    const { write, dropped } = logDestination(output);
    write("1\n");
    take(new Error("ENOSPC"));
    expect(dropped()).toBe(1);
    write("2\n");
    take();
    expect(taken).toContain("2\n");
  });

  test("survives an output that throws", () => {
    const { write, dropped } = logDestination({
      write: () => {
        throw new Error("ENOSPC");
      },
      on: () => undefined,
    });
    write("1\n");
    expect(dropped()).toBeGreaterThanOrEqual(1);
  });
});
