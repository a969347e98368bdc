import { describe, expect, it } from "vitest";
import { formatClock, formatCountdown, formatDay, formatDuration } from "./clock";

const zone = "Europe/Berlin";
const now = new Date("2026-11-21T09:00:00Z");
const at = (iso: string) => new Date(iso);

describe("times for people", () => {
  it("draw the day's border in the reader's time zone", () => {
    expect(formatDay(at("2026-11-20T23:30:00Z"), now, zone)).toBe("Today");
    expect(formatDay(at("2026-11-20T22:30:00Z"), now, zone)).toBe("Yesterday");
    expect(formatDay(at("2026-11-18T12:00:00Z"), now, zone)).toBe("Wednesday 18 November");
    expect(formatDay(at("2025-12-31T12:00:00Z"), now, zone)).toBe("Wednesday 31 December 2025");
    expect(formatClock(at("2026-11-20T23:30:00Z"), zone)).toBe("00:30");
  });

  it("count down without going below zero", () => {
    expect([299.9, 65, 5, 0, -3, 3600].map(formatCountdown)).toEqual(["4:59", "1:05", "0:05", "0:00", "0:00", "1:00:00"]);
  });

  it("give a duration as many digits as it deserves", () => {
    expect([0, 0.002, 0.421, 9.5, 18.4, 999, 1240].map(formatDuration)).toEqual([
      "0 ms",
      "<0.01 ms",
      "0.42 ms",
      "9.5 ms",
      "18 ms",
      "999 ms",
      "1.24 s",
    ]);
  });
});
