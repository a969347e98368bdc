import { describe, expect, it } from "vitest";
import { formatAgo } from "./format-time";

const now = Date.parse("2026-11-21T12:00:00Z");

describe("how long ago", () => {
  it.each([
    ["2026-11-21T12:00:20Z", "just now"],
    ["2026-11-21T11:59:30Z", "just now"],
    ["2026-11-21T11:55:00Z", "5 min ago"],
    ["2026-11-21T09:00:00Z", "3 h ago"],
    ["2026-11-20T11:00:00Z", "1 day ago"],
    ["2026-11-17T11:00:00Z", "4 days ago"],
    ["2026-10-03T12:00:00Z", "3 Oct"],
    ["2025-10-03T12:00:00Z", "3 Oct 2025"],
  ])("%s is %s", (at, words) => {
    expect(formatAgo(at, now)).toBe(words);
  });
});
