import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Assignment } from "./assignment";
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
});
