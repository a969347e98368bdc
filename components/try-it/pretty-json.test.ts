import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prettyJson } from "./pretty-json";

describe("JSON made readable", () => {
  it("is what JSON.stringify with two spaces gives", () => {
    fc.assert(
      fc.property(fc.json(), (source) => {
        expect(prettyJson(source)).toBe(JSON.stringify(JSON.parse(source), null, 2));
      }),
    );
  });

  it("comes out the same however it was written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, 4, "\t"), (value, space) => {
        expect(prettyJson(JSON.stringify(value, null, space))).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it("keeps numbers and duplicate keys as they arrived", () => {
    expect(prettyJson('{"id":12345678901234567890,"price":1.0,"id":1e400}')).toBe(
      '{\n  "id": 12345678901234567890,\n  "price": 1.0,\n  "id": 1e400\n}',
    );
  });

  it("is not fooled by what stands inside strings", () => {
    expect(prettyJson('["{\\"a\\":[]}, {",{}]')).toBe('[\n  "{\\"a\\":[]}, {",\n  {}\n]');
  });

  it("stays about as large as what arrived, and is there at once, however deep or wide that is", () => {
    const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
    const wide = `[${"[],{},".repeat(100_000)}[]]`;
    for (const source of [deep, wide]) {
      const pretty = prettyJson(source) ?? "";
      expect(pretty.replaceAll(/\s/g, "")).toBe(source);
      expect(pretty.length).toBeLessThan(source.length * 210);
    }
  });

  it("answers null for what is not JSON", () => {
    expect(prettyJson("<html>")).toBeNull();
    expect(prettyJson("")).toBeNull();
  });
});
