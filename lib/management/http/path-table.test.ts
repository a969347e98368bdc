import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operation } from "../contract/operation";
import { operations } from "../contract/operations";
import { pathTable } from "./path-table";

const paths = [...new Set(Object.values<Operation>(operations).map(({ path }) => path))];
const find = pathTable(paths.map((path) => [path, path] as const));

const parametersOf = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
const literals = new Set(paths.flatMap((path) => path.split("/")).filter((segment) => !segment.startsWith("{")));

/** What a person or a script may call a thing: no literal of the contract, so that only the parameter can match. */
const value = fc
  .oneof(
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.constantFrom("a/b", "..", ".", "%2F", "%", "a b", "ä", "日本", "a?b#c", "a;b=c", "+", "{id}", "__proto__", "constructor"),
  )
  .filter((text) => !literals.has(text) && text.isWellFormed());

/** Percent-encodes as clients may: the least, or every byte. */
const encodings = [
  (text: string) => encodeURIComponent(text),
  (text: string) => [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
];

test.each(paths)("%s gets back the values that were put into it, whatever they are", (path) => {
  const names = parametersOf(path);
  fc.assert(
    fc.property(fc.array(value, { minLength: names.length, maxLength: names.length }), fc.constantFrom(...encodings), (values, encoded) => {
      const sent = names.reduce((filled, name, index) => filled.replace(`{${name}}`, () => encoded(values[index] ?? "")), path);
      const params = Object.fromEntries(names.map((name, index) => [name, values[index]]));
      expect(find(sent)).toEqual({ value: path, params });
      expect(find(`${sent}/`)).toEqual({ value: path, params });
      expect(find(`${sent}/more/than/there/is/of/any/operation`)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

test("a literal wins over a parameter, and only as it is written", () => {
  expect(find("/apis/import")).toEqual({ value: "/apis/import", params: {} });
  expect(find("/apis/x/deployments/active")).toEqual({ value: "/apis/{id}/deployments/active", params: { id: "x" } });
  expect(find("/authorization-servers/x/keys/rotate")?.value).toBe("/authorization-servers/{id}/keys/rotate");
  for (const other of ["/APIs", "/%61pis", "/apis/x/Definition", "/apis/x/%64efinition"]) expect(find(other), other).toBeUndefined();
  expect(find("/apis/%69mport")).toEqual({ value: "/apis/{id}", params: { id: "import" } });
});

test("an empty segment is no value, and what isn't percent-encoded UTF-8 leads nowhere", () => {
  for (const path of ["", "/", "//", "/apis//", "/apis//definition", "/apis/%", "/apis/%zz", "/apis/%ff", "/apis/%c0%ae"])
    expect(find(path), path).toBeUndefined();
});

test("the order of the templates doesn't matter", () => {
  const reversed = pathTable(paths.map((path) => [path, path] as const).reverse());
  for (const path of paths) expect(reversed(path.replace(/\{\w+\}/g, "x"))?.value).toBe(find(path.replace(/\{\w+\}/g, "x"))?.value);
});
