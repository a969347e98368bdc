import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Counters, memoryCounters } from "@/lib/platform/counters";
import { PEER_HEADER } from "@/lib/platform/peer";
import { type ClientThrottle, callerAddress, clientThrottle } from "./throttle";

let nowMs = 0;
let shared: Counters;
let throttle: ClientThrottle;

beforeEach(() => {
  nowMs = 1_000_000;
  shared = memoryCounters(() => nowMs);
  throttle = clientThrottle(shared, () => nowMs);
});

const fail = async (times: number, by = throttle) => {
  for (let time = 0; time < times; time++) expect(await by.failed("app", "1.1.1.1")).toBe(0);
};

describe("the throttle of client authentication", () => {
  test("refuses after ten failures of a client from an address, until a quarter of an hour after the first", async () => {
    await fail(9);
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(0);
    await fail(1);
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(900);
    nowMs += 899_000;
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(1);
    nowMs += 1000;
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(0);
    await fail(10);
  });

  test("leaves the client alone elsewhere, and others at the same address", async () => {
    await fail(10);
    expect(throttle.waitSeconds("app", "2.2.2.2")).toBe(0);
    expect(throttle.waitSeconds("other", "1.1.1.1")).toBe(0);
  });

  test("forgets the failures after a success", async () => {
    await fail(9);
    throttle.succeeded("app", "1.1.1.1");
    await fail(9);
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(0);
  });

  test("tells those that were looked at beyond the tenth nothing but to wait", async () => {
    const waits = await Promise.all(Array.from({ length: 15 }, () => throttle.failed("app", "1.1.1.1")));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
    expect(waits.filter((wait) => wait === 900)).toHaveLength(5);
  });

  test("counts what other processes saw", async () => {
    await fail(
      10,
      clientThrottle(shared, () => nowMs),
    );
    expect(await throttle.failed("app", "1.1.1.1")).toBe(900);
    expect(throttle.waitSeconds("app", "1.1.1.1")).toBe(900);
  });

  test("asks nobody when a client that did not fail succeeds", () => {
    const clear = vi.spyOn(shared, "clear");
    const add = vi.spyOn(shared, "add");
    throttle.succeeded("app", "1.1.1.1");
    expect(clear).not.toHaveBeenCalled();
    expect(add).not.toHaveBeenCalled();
  });
});

describe("the address that failures are counted for", () => {
  const isTrusted = (address: string) => address.startsWith("10.");
  const from = (peer: string, forwarded?: string) =>
    callerAddress(new Headers({ [PEER_HEADER]: peer, ...(forwarded === undefined ? {} : { "x-forwarded-for": forwarded }) }), isTrusted);

  test.each([
    ["the peer's, whatever it says", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["the one that a trusted proxy names", "10.0.0.1", "198.51.100.1", "198.51.100.1"],
    ["the last that is no trusted proxy", "10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"],
    ["without the port that a proxy adds", "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"],
    ["without the brackets of IPv6", "10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"],
    ["the proxy's when it names something else", "10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"],
    ["the proxy's when it names nobody", "10.0.0.1", undefined, "10.0.0.1"],
  ])("is %s", (_what, peer, forwarded, address) => {
    expect(from(peer, forwarded)).toBe(address);
  });
});
