import fc from "fast-check";
import { expect, test } from "vitest";
import { readDocument, writeDocument } from "./document";
import { definitionHash } from "./hash";
import { definitionSchema } from "./schema";
import { definitions, registry } from "./testing";

test("what is exported imports as the same definition, as JSON and as YAML", () => {
  fc.assert(
    fc.property(definitions, fc.constantFrom("json" as const, "yaml" as const), (definition, format) => {
      const document = readDocument(writeDocument(definition, format));
      expect(document.ok).toBe(true);
      if (document.ok) expect(definitionHash(definitionSchema(registry).parse(document.value), {})).toBe(definitionHash(definition, {}));
    }),
  );
});

test.each([
  ["a: [unclosed", "neither JSON nor YAML"],
  ["", "not an API definition"],
  ["- a\n- b", "not an API definition"],
  ["gatewright: 2\nname: x", "newer Gatewright"],
  ["a: 1\na: 2", "neither JSON nor YAML"],
])("the text %j is refused with a reason", (text, reason) => {
  expect(readDocument(text)).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining(reason) }] });
});

test("a few aliases that unfold into millions of values are refused", () => {
  const lines = ["a: &a [x,x,x,x,x,x,x,x,x]"];
  for (const [name, before] of [
    ["b", "a"],
    ["c", "b"],
    ["d", "c"],
    ["e", "d"],
    ["f", "e"],
  ])
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
  expect(readDocument(lines.join("\n"))).toMatchObject({ ok: false });
});

test.each([
  ["flow lists", `${"[".repeat(5000)}a${"]".repeat(5000)}`],
  ["flow lists that never end", "[".repeat(1_000_000)],
  ["flow maps", "{a: ".repeat(5000)],
  ["block lists", "- ".repeat(20_000)],
  ["block maps", Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
])("nesting without end is refused instead of exhausting the process: %s", (_, text) => {
  expect(readDocument(text)).toEqual({ ok: false, problems: [{ path: "", message: "The document is nested too deeply." }] });
});

test("what YAML may cost is bounded: tokens and aliases", () => {
  expect(readDocument(`[${",".repeat(1_000_000)}]`)).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining("too long") }],
  });
  const aliases = Array.from({ length: 5000 }, (_, index) => `- &a${index} x\n- *a${index}`).join("\n");
  expect(readDocument(aliases)).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining("aliases") }] });
});

test("a map of many keys is read in the time of its length", () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: value`).join("\n");
  expect(readDocument(text)).toMatchObject({ ok: true });
});

test("a key that stands twice deep inside is refused with its line", () => {
  const problems = [{ message: expect.stringContaining("url stands twice in a map at line 3, column 3") }];
  expect(readDocument("endpoints:\n  url: a\n  url: b")).toMatchObject({ ok: false, problems });
});

test("several documents in one text are refused", () => {
  expect(readDocument("name: a\n---\nname: b")).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining("several") }] });
});

test("a tag that is not one of YAML's own is refused", () => {
  expect(readDocument("name: !!js/function x")).toMatchObject({
    ok: false,
    problems: [{ message: expect.stringContaining("line 1, column 7") }],
  });
});
