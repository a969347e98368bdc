import fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateKeys } from "./duplicate-keys";

const pathsOf = (text: string) => duplicateKeys(text).map(({ path }) => path);

test.each([
  ['{"a":1,"a":2}', ["a"]],
  ['{"flows":[{},{"match":{"path":"/a" , "path" : "/b"}}]}', ["flows[1].match.path"]],
  ['{"a":{"b":1},"c":{"b":1},"d":["b","b"],"e":"a"}', []],
  ['{"a":1,"\\u0061":2}', ["a"]],
  ['{"a":"\\"b\\":1,\\"b\\":","b":2}', []],
  ['{"a":"\\\\","a":1}', ["a"]],
  ["[1,[2,{}],null]", []],
  ['"text"', []],
])("in %s: %j", (text, paths) => {
  expect(pathsOf(text)).toEqual(paths);
});

test("what was made from an object has none", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(pathsOf(JSON.stringify(JSON.parse(text)))).toEqual([]);
    }),
  );
});

test("hostile texts take no longer than reading them", () => {
  expect(duplicateKeys(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)).toEqual([]);
  expect(duplicateKeys(`{${'"a":1,'.repeat(500_000)}"b":1}`)).toHaveLength(100);
});
