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
