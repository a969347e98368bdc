import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { unsharedProofs } from "./unshared-proofs";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store that rejects while it's away. */
function world(sizeMax?: number) {
  const store = { isAway: true, written: new Map<string, number>(), batches: 0 };
  const proofs = unsharedProofs(async (batch) => {
    if (store.isAway) throw new Error("away");
    store.batches += 1;
    for (const [proof, leftMs] of batch) store.written.set(proof, leftMs);
  }, sizeMax);
  const told: boolean[] = [];
  proofs.onChange(() => told.push(proofs.isEmpty()));
  return { store, proofs, told };
}

it("retries until all are written, with the time that each has left", async () => {
  const { store, proofs, told } = world();
  for (let count = 0; count < 1200; count += 1) proofs.add(`proof-${count}`, 10_000);
  await vi.advanceTimersByTimeAsync(2500);
  expect([store.written.size, proofs.isEmpty()]).toEqual([0, false]);
  store.isAway = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect([store.written.size, store.batches, proofs.isEmpty()]).toEqual([1200, 3, true]);
  expect(store.written.get("proof-7")).toBe(7000);
  expect(told).toEqual([false, true]);
});

it("writes at once when it's told to, and drops what has expired", async () => {
  const { store, proofs } = world();
  proofs.add("short", 500);
  proofs.add("long", 5000);
  await vi.advanceTimersByTimeAsync(900);
  store.isAway = false;
  proofs.write();
  await vi.advanceTimersByTimeAsync(0);
  expect([...store.written]).toEqual([["long", 4100]]);
});

it("remembers a limited number, the newest", async () => {
  const { store, proofs } = world(3);
  for (const name of ["a", "b", "c", "d", "e"]) proofs.add(name, 10_000);
  store.isAway = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect([...store.written.keys()]).toEqual(["c", "d", "e"]);
});
