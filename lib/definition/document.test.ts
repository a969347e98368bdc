import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readDocument, writeDocument } from "./document";
import { foreignDocument } from "./foreign-documents";
import { definitionHash } from "./hash";
import { definitionSchema } from "./schema";
import { definitions, registry } from "./testing";
import { writeYaml } from "./yaml-text";

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
  ["", "isn't an API definition"],
  ["- a\n- b", "isn't an API definition"],
  ["gatewright: 2\nname: x", "newer Gatewright"],
  ["a: 1\na: 2", "neither JSON nor YAML"],
])("the text %j is refused with a reason", (text, reason) => {
  expect(readDocument(text)).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining(reason) }] });
});

const FOREIGN: [what: string, document: object, message: RegExp][] = [
  ["OpenAPI", { openapi: "3.1.0", info: { title: "T", version: "1" }, paths: { "/a": {} } }, /OpenAPI document.*attach.*Access page/],
  ["Swagger", { swagger: "2.0", info: {}, paths: {} }, /Swagger 2\.0.*Convert/],
  ["Gravitee v4", { api: { name: "x", definitionVersion: "V4", endpointGroups: [] }, plans: [] }, /Gravitee.*yet/],
  ["Gravitee v4, flat", { name: "x", listeners: [], endpointGroups: [] }, /Gravitee/],
  ["Gravitee v2", { name: "x", version: "1", proxy: { virtual_hosts: [{ path: "/x" }], groups: [] } }, /Gravitee/],
  ["Gravitee operator", { apiVersion: "gravitee.io/v1alpha1", kind: "ApiDefinition", spec: {} }, /Gravitee/],
  ["Gravitee v1", { name: "x", context_path: "/x", endpoint: "http://x" }, /Gravitee/],
  ["WSO2", { type: "api", version: "v4.2.0", data: { name: "x", context: "/x" } }, /WSO2/],
  ["WSO2, flat", { name: "x", context: "/x", version: "1", endpointConfig: {} }, /WSO2/],
  ["Kong", { _format_version: "3.0", services: [] }, /Kong/],
  ["APISIX", { routes: [], upstreams: [] }, /APISIX/],
  ["Postman", { info: { name: "x", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" }, item: [] }, /Postman/],
];

test.each(FOREIGN)("a document of %s is told by what it is, in JSON and in YAML", (_, document, message) => {
  for (const text of [JSON.stringify(document), writeYaml(document)]) {
    expect(readDocument(text)).toEqual({ ok: false, problems: [{ path: "", message: expect.stringMatching(message) }] });
  }
});

test("an archive is told by what it is", () => {
  expect(readDocument("PK\u0003\u0004\u0014")).toMatchObject({ problems: [{ message: expect.stringContaining("Zip archives") }] });
});

test("no definition of our own is taken for another product's, with and without its first line", () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const { gatewright: _, ...rest } = definition;
      expect([foreignDocument({ ...definition }), foreignDocument(rest)]).toEqual([undefined, undefined]);
    }),
    { numRuns: 50 },
  );
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

test("aliases and merge keys that unfold into millions of values are refused", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => `  k${index}: 1`).join("\n");
  for (const use of ["*a", "{ <<: *a }"]) {
    const uses = Array.from({ length: 90 }, (_, index) => `u${index}: ${use}`).join("\n");
    expect(readDocument(`a: &a\n${many}\n${uses}`)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining("aliases") }],
    });
  }
});

test("merge keys are understood, and a merge of what is no map is refused", () => {
  const read = readDocument("base: &base { url: a, timeoutMs: 1 }\nname: x\nendpoint: { <<: *base, url: b }");
  expect(read).toMatchObject({ ok: true, value: { endpoint: { url: "b", timeoutMs: 1 } } });
  expect(readDocument("name: x\nendpoint: { <<: 1 }")).toMatchObject({ ok: false });
});

test("a version is what is written, and not the number that YAML takes it for", () => {
  const read = readDocument("name: 007\nversion: 1.10\ndescription: true\nendpoints: { production: { timeoutMs: 1000 } }");
  expect(read).toMatchObject({
    ok: true,
    value: { name: "007", version: "1.10", description: "true", endpoints: { production: { timeoutMs: 1000 } } },
  });
});

const WORDS = [
  "no",
  "Yes",
  "on",
  "OFF",
  "y",
  "N",
  "~",
  "null",
  "true",
  "=",
  "<<",
  "1.10",
  "1e3",
  "1_000",
  "0_30",
  "0o17",
  "017",
  "0b1",
  "0x1F",
  "12:30:45",
  "1:30",
  "190:20:30.15",
  "685.230_15e+03",
  "+12",
  "-.inf",
  ".NaN",
  ".5",
  "2026-11-29",
  "2001-12-14t21:59:43.10-05:00",
  "2001-12-14 21:59:43",
];

test("what YAML 1.1 takes for something else than text is quoted, and so is what it can't print", () => {
  const words = [
    ...WORDS,
    "a\u2028b",
    "a\u0085b",
    "\ufeffa",
    "a\u007fb",
    "a\tb",
    "two\nlines",
    "- a",
    "a: b",
    "#",
    "'",
    '"',
    "a\\b",
    "é😀",
  ];
  const text = writeYaml({ words, byKey: Object.fromEntries(words.map((word) => [word, word])) });
  for (const word of WORDS) expect(text).not.toMatch(new RegExp(`(?:^|[-:] )${word.replace(/[.+*?^$(){}|\\[\]]/g, "\\$&")}(?:$|:)`, "m"));
  expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/);
  for (const version of ["1.1", "1.2"] as const)
    expect(parse(text, { version, merge: version === "1.1" })).toEqual({
      words,
      byKey: Object.fromEntries(words.map((word) => [word, word])),
    });
});

test("a map of many keys is read in the time of its length", () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `key${index}: value`).join("\n");
  expect(readDocument(text)).toMatchObject({ ok: true });
});

test("a key that stands twice deep inside is refused with its line", () => {
  const problems = [{ message: expect.stringContaining("url appears twice in a map at line 3, column 3") }];
  expect(readDocument("endpoints:\n  url: a\n  url: b")).toMatchObject({ ok: false, problems });
});

test("JSON with a key twice is refused, too", () => {
  const problems = [{ message: expect.stringContaining("flows") }];
  expect(readDocument('{"name": "x", "flows": [{}], "flows": []}')).toMatchObject({ ok: false, problems });
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
