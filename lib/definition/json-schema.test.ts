import Ajv2020 from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { registry } from "@/lib/gateway/schemas";
import { definitionJsonSchema } from "./schema";
import { definitionFor, definitions } from "./testing";

const compiled = () => new Ajv2020({ strict: true, allErrors: true }).compile(definitionJsonSchema(registry));

test("the published schema compiles in Ajv 2020-12 in strict mode, and accepts definitions", () => {
  const validate = compiled();
  fc.assert(
    fc.property(definitions, (definition) => {
      expect(validate(JSON.parse(JSON.stringify(definition))), JSON.stringify(validate.errors)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("the published schema names what is wrong, and which values are secrets", () => {
  const validate = compiled();
  expect(validate({ ...definitionFor(), flows: [{ match: { path: 1 } }], nonsense: true })).toBe(false);
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual(expect.arrayContaining(["/flows/0/match/path", ""]));
  const text = JSON.stringify(definitionJsonSchema(registry));
  expect(text).toContain('"writeOnly":true');
  expect(text).not.toMatch(/"(?:ui|sentTo|group|showIf|trusted|placeholder)":/);
});
