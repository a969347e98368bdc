import { describe, expect, it } from "vitest";
import { groupByDay, pageOf } from "./group-by-day";

const entry = (id: string, at: string) => ({ id, at, actor: "ann", action: "deployed", target: "api", targetId: "api_1", summary: "" });
const now = new Date("2026-11-21T12:00:00Z");

describe("activity by day", () => {
  it("keeps every entry once, in order, under the reader's day", () => {
    const entries = [
      entry("1", "2026-11-21T08:00:00Z"),
      entry("2", "2026-11-20T23:30:00Z"),
      entry("3", "2026-11-20T10:00:00Z"),
      entry("4", "2026-11-10T10:00:00Z"),
    ];
    expect(groupByDay(entries, now, "Europe/Berlin").map(({ day, entries: ofDay }) => [day, ofDay.map(({ id }) => id)])).toEqual([
      ["Today", ["1", "2"]],
      ["Yesterday", ["3"]],
      ["Tuesday 10 November", ["4"]],
    ]);
    expect(groupByDay([], now)).toEqual([]);
  });
});

describe("the page of an entry", () => {
  it("is that of its target", () => {
    expect(pageOf({ action: "deployed", target: "api", targetId: "api_1" })).toBe("/apis/api_1");
    expect(pageOf({ action: "deleted", target: "authorization-server", targetId: "default" })).toBe("/authorization-servers/default");
  });

  it("is none for what was deleted or has no page", () => {
    expect(pageOf({ action: "deleted", target: "api", targetId: "api_1" })).toBeNull();
    expect(pageOf({ action: "signed in", target: "session", targetId: "x" })).toBeNull();
  });
});
