import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Assignment } from "@/lib/gateway-host/assignment";
import { createCopyWriter } from "./copy-writer";
import type { LastKnownGood } from "./last-known-good";

const assignment = (): Assignment => ({ deployments: [], servers: [], ended: { parts: [], clients: [] }, tokenDrops: [] });

describe("the last-known-good copy", () => {
  it("owes the newest assignment after a write failed that a newer one was waiting for", async () => {
    const written: Assignment[] = [];
    let isFull = true;
    const copy: LastKnownGood = {
      read: async () => null,
      write: async (next) => {
        await delay(1);
        if (isFull) throw new Error("no space left");
        written.push(next);
      },
      remove: async () => undefined,
    };
    const writer = createCopyWriter(copy, () => undefined);
    const [older, newer] = [assignment(), assignment()];
    writer.changed(older, true);
    writer.changed(newer, true);
    await delay(20);
    isFull = false;
    await writer.finish();
    expect(written).toHaveLength(1);
    expect(written[0]).toBe(newer);
    expect(writer.problems()).toEqual([]);
  });

  it("is not taken away by the failure of an earlier write once a newer one stands", async () => {
    let disk: Assignment | null = assignment();
    let isFull = true;
    let removals = 0;
    const copy: LastKnownGood = {
      read: async () => null,
      write: async (next) => {
        if (isFull) throw new Error("no space left");
        disk = next;
      },
      remove: async () => {
        removals += 1;
        await delay(20);
        disk = null;
      },
    };
    const writer = createCopyWriter(copy, () => undefined);
    const newer = assignment();
    writer.changed(assignment(), true);
    while (removals === 0) await delay(1);
    // There is room again, and something is deployed, while the copy that is out of date goes.
    isFull = false;
    writer.changed(newer, true);
    await writer.finish();
    await delay(40);
    expect(disk).toBe(newer);
    expect(writer.problems()).toEqual([]);
  });

  it("that only lacks ended tokens stays when it can't be written", async () => {
    let isFull = false;
    let removals = 0;
    const copy: LastKnownGood = {
      read: async () => null,
      write: async () => {
        if (isFull) throw new Error("no space left");
      },
      remove: async () => {
        removals += 1;
      },
    };
    const writer = createCopyWriter(copy, () => undefined);
    writer.changed(assignment(), true);
    await writer.finish();
    isFull = true;
    writer.changed(assignment(), false);
    await writer.finish();
    expect(removals).toBe(0);
    expect(writer.problems()).toMatchObject([{ message: expect.stringContaining("would accept tokens that were revoked since") }]);
    writer.changed(assignment(), true);
    await writer.finish();
    expect(removals).toBeGreaterThan(0);
    expect(writer.problems()).toMatchObject([{ message: expect.stringContaining("would serve nothing") }]);
  });
});
