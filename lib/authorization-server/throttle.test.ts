import { beforeEach, describe, expect, test, vi } from "vitest";
import { memoryCounters } from "@/lib/platform/memory-counters";
import type { Counters } from "@/lib/platform/try-limits";
import { type ClientThrottle, clientThrottle } from "./throttle";

let nowMs = 0;
let shared: Counters;
let throttle: ClientThrottle;

beforeEach(() => {
  nowMs = 1_000_000;
  shared = memoryCounters(() => nowMs);
  throttle = clientThrottle(shared, () => nowMs);
});

const known = (clientId: string, address = "1.1.1.1") => ({ clientId, isKnown: true, address });
const unknown = (clientId: string, address = "1.1.1.1") => ({ clientId, isKnown: false, address });

const fail = async (times: number, by = throttle) => {
  for (let time = 0; time < times; time++) expect(await by.failed(known("app"))).toBe(0);
};

describe("the throttle of client authentication", () => {
  test("rejects after 10 failures of a client from an address, until 15 minutes after the first", async () => {
    await fail(9);
    expect(throttle.waitSeconds(known("app"))).toBe(0);
    await fail(1);
    expect(throttle.waitSeconds(known("app"))).toBe(900);
    nowMs += 899_000;
    expect(throttle.waitSeconds(known("app"))).toBe(1);
    nowMs += 1000;
    expect(throttle.waitSeconds(known("app"))).toBe(0);
    await fail(10);
  });

  test("affects neither the client at other addresses nor other clients at this one", async () => {
    await fail(10);
    expect(throttle.waitSeconds(known("app", "2.2.2.2"))).toBe(0);
    expect(throttle.waitSeconds(known("other"))).toBe(0);
  });

  test("resets the failures after a success", async () => {
    await fail(9);
    throttle.succeeded(known("app"));
    await fail(9);
    expect(throttle.waitSeconds(known("app"))).toBe(0);
  });

  test("hides the result of concurrent attempts above the limit", async () => {
    const waits = await Promise.all(Array.from({ length: 15 }, () => throttle.failed(known("app"))));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
    expect(waits.filter((wait) => wait === 900)).toHaveLength(5);
  });

  test("counts failures of other processes", async () => {
    await fail(
      10,
      clientThrottle(shared, () => nowMs),
    );
    expect(await throttle.failed(known("app"))).toBe(900);
    expect(throttle.waitSeconds(known("app"))).toBe(900);
  });

  test("makes no shared call when a client without failures succeeds", () => {
    const clear = vi.spyOn(shared, "clear");
    const take = vi.spyOn(shared, "take");
    throttle.succeeded(known("app"));
    expect(clear).not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
  });

  test("keeps every client's failures, whatever unknown client IDs are sent", async () => {
    await fail(10);
    for (let made = 0; made < 50_001; made += 1) await throttle.failed(unknown(`made-up-${made}`, "2.2.2.2"));
    expect(throttle.waitSeconds(known("app"))).toBe(900);
    expect(await clientThrottle(shared, () => nowMs).failed(known("app"))).toBe(900);
  });

  test("counts unknown client IDs by address only, never against an existing client", async () => {
    for (let made = 0; made < 30; made += 1) expect(await throttle.failed(unknown(`made-up-${made}`))).toBe(0);
    expect(throttle.waitSeconds(unknown("another"))).toBe(900);
    expect(throttle.waitSeconds(unknown("another", "2.2.2.2"))).toBe(0);
    expect(throttle.waitSeconds(known("app"))).toBe(0);
    expect(await throttle.failed(known("app"))).toBe(0);
  });

  test("counts an IPv6 network as one address", async () => {
    for (let host = 0; host < 10; host += 1) await throttle.failed(known("app", `2001:db8:0:1::${host.toString(16)}`));
    expect(throttle.waitSeconds(known("app", "2001:db8:0:1:ffff:ffff:ffff:ffff"))).toBe(900);
    expect(throttle.waitSeconds(known("app", "2001:db8:0:2::1"))).toBe(0);
  });

  test("doesn't count rejected attempts", async () => {
    const take = vi.spyOn(shared, "take");
    await fail(10);
    take.mockClear();
    for (let time = 0; time < 5; time += 1) expect(throttle.waitSeconds(known("app"))).toBe(900);
    expect(take).not.toHaveBeenCalled();
    await Promise.all(Array.from({ length: 20 }, () => throttle.failed(known("app"))));
    nowMs += 900_000;
    await fail(10);
  });
});
