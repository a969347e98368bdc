import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addEntries, splitEntries } from "./list-entries";

describe("entries typed or pasted into a list", () => {
  it("come apart at spaces, commas and line breaks", () => {
    expect(splitEntries(" orders:read, orders:write\n admin ")).toEqual(["orders:read", "orders:write", "admin"]);
  });

  it("keep their spaces where spaces are allowed", () => {
    expect(splitEntries("my audience, other", { spacesAllowed: true })).toEqual(["my audience", "other"]);
  });

  it("are never blank and survive a round trip", () => {
    const entry = fc.stringMatching(/^[!-+\--~]{1,12}$/);
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(splitEntries(entries.join(" "))).toEqual(entries);
      }),
    );
  });

  it("are added once, at the end, without disturbing the order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.array(fc.string()), (list, added) => {
        const result = addEntries(list, added);
        expect(result.slice(0, list.length)).toEqual(list);
        expect(new Set(result).size).toBe(result.length);
      }),
    );
  });
});
