import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FairQueue } from "./fair-queue";

/** A queue whose jobs end when the test says so. */
function world(slots: number, perClient: number) {
  const queue = new FairQueue({ slots, perClient });
  const running: { client: string; end(): void }[] = [];
  const settled: Promise<unknown>[] = [];
  const add = (client: string, signal = new AbortController().signal) => {
    const job = () =>
      new Promise<void>((resolve) => {
        running.push({ client, end: resolve });
      });
    const result = queue.run(client, job, signal);
    settled.push(result.catch(() => undefined));
    return result;
  };
  const tick = () => new Promise((resolve) => setImmediate(resolve));
  const endOne = async (index = 0) => {
    running.splice(index, 1)[0]?.end();
    await tick();
  };
  return { queue, running, settled, add, tick, endOne };
}

describe("jobs of many clients", () => {
  it("run as many at a time as they may, and leave a place for another client", async () => {
    const { running, add, tick } = world(4, 2);
    for (let count = 0; count < 100; count += 1) add("flood");
    await tick();
    expect(running.map(({ client }) => client)).toEqual(["flood", "flood"]);
    add("other");
    await tick();
    expect(running.at(-1)?.client).toBe("other");
  });

  it("take turns by client when all places are taken", async () => {
    const { running, add, tick, endOne } = world(2, 2);
    for (let count = 0; count < 100; count += 1) add("flood");
    add("a");
    add("b");
    await tick();
    const order: (string | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) {
      await endOne();
      order.push(running.at(-1)?.client);
    }
    expect(order).toEqual(["flood", "a", "b", "flood"]);
  });

  it("leave the row when they may wait no longer, and never run", async () => {
    const { queue, running, add, tick, endOne } = world(1, 1);
    add("a");
    const controller = new AbortController();
    const late = add("b", controller.signal);
    controller.abort(new Error("too late"));
    await expect(late).rejects.toThrow("too late");
    await expect(add("b", controller.signal)).rejects.toThrow("too late");
    await endOne();
    await tick();
    expect([running.length, queue.size]).toEqual([0, 0]);
  });

  it("give their place on when they fail", async () => {
    const queue = new FairQueue({ slots: 1, perClient: 1 });
    const { signal } = new AbortController();
    const failed = queue.run("a", () => Promise.reject(new Error("broken")), signal);
    const next = queue.run("a", async () => "ran", signal);
    await expect(failed).rejects.toThrow("broken");
    expect(await next).toBe("ran");
    expect(queue.size).toBe(0);
  });

  it("keep the bounds, all end, and nothing is remembered of them, whatever comes in which order", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), client: fc.constantFrom("a", "b", "c", "") }),
      fc.record({ kind: fc.constant("end" as const), index: fc.nat(5) }),
      fc.record({ kind: fc.constant("abort" as const), index: fc.nat(20) }),
    );
    const bounds = fc.record({ slots: fc.integer({ min: 1, max: 4 }), perClient: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(step, { maxLength: 40 }), async ({ slots, perClient }, steps) => {
        const { queue, running, settled, add, tick, endOne } = world(slots, perClient);
        const controllers: AbortController[] = [];
        for (const action of steps) {
          if (action.kind === "add") {
            const controller = new AbortController();
            controllers.push(controller);
            add(action.client, controller.signal).catch(() => undefined);
          } else if (action.kind === "abort") controllers[action.index]?.abort(new Error("away"));
          else if (running.length > 0) await endOne(action.index % running.length);
          await tick();
          expect(running.length).toBeLessThanOrEqual(slots);
          for (const client of ["a", "b", "c", ""])
            expect(running.filter((job) => job.client === client).length).toBeLessThanOrEqual(perClient);
        }
        while (running.length > 0) await endOne();
        await Promise.all(settled);
        expect(queue.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
