import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readOpenApi } from "./openapi";
import { flowPathProblem } from "./paths";

const documentOf = (paths: unknown, more: Record<string, unknown> = {}) => ({
  openapi: "3.1.0",
  info: { title: "Orders", version: "1.2.0" },
  paths,
  ...more,
});
const read = (value: unknown) => {
  const result = readOpenApi(typeof value === "string" ? value : JSON.stringify(value));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
};
const problemsOf = (value: unknown) => {
  const result = readOpenApi(typeof value === "string" ? value : JSON.stringify(value));
  return result.ok ? [] : result.problems;
};
const calls = (value: unknown) => read(value).operations.map(({ method, path }) => `${method} ${path}`);

describe("an OpenAPI document", () => {
  it("names its operations, with parameters as :id and a line of summary", () => {
    const document = documentOf({
      "/items/{item-id}/": {
        parameters: [],
        get: { summary: "One item", description: "More" },
        delete: { description: "Takes it away.\nFor good." },
      },
      "/items": { post: { operationId: "createItem" }, "x-note": {} },
      "x-internal": { get: {} },
    });
    expect(read(document)).toEqual({
      title: "Orders",
      version: "1.2.0",
      specification: "3.1.0",
      operations: [
        { method: "GET", path: "/items/:item_id", summary: "One item" },
        { method: "DELETE", path: "/items/:item_id", summary: "Takes it away." },
        { method: "POST", path: "/items", summary: "createItem" },
      ],
      warnings: [],
    });
    expect(read(stringify(document))).toEqual(read(document));
  });

  it.each(["1.0", "1.10", "2026", "0x10", "1e3", "010"])("is read in YAML with the version %s as it is written", (version) => {
    const text = `openapi: 3.0.3\ninfo: { title: Orders, version: ${version} }\npaths:\n  /hello: { get: {} }\n`;
    expect(read(text)).toMatchObject({ version, specification: "3.0.3", operations: [{ method: "GET", path: "/hello" }] });
  });

  it("may use YAML's merge keys", () => {
    const text = "openapi: 3.0.3\ninfo: { title: T, version: 1 }\nx: &x { get: { summary: One } }\npaths:\n  /a: { <<: *x, post: {} }\n";
    expect(read(text).operations.map(({ method, summary }) => `${method} ${summary}`)).toEqual(["GET One", "POST "]);
  });

  it("lists custom methods and extensions beside the path that they belong to", () => {
    const operation = { post: { summary: "x" } };
    expect(
      calls(
        documentOf({
          "/orders/{id}": operation,
          "/orders/{id}:cancel": operation,
          "/orders/{order-id}.json": operation,
          "/orders:search": operation,
        }),
      ),
    ).toEqual(["POST /orders/:id", "POST /orders/:id:cancel", "POST /orders/:order_id.json", "POST /orders:search"]);
  });

  it("names custom methods that a flow for the plain path matches, too", () => {
    const { warnings } = read(
      documentOf({
        "/orders/{id}": { post: {} },
        "/orders/{orderId}:cancel": { post: {}, get: {} },
        "/items/{id}.pdf": { get: {} },
        "/shops/{id}": { get: {} },
      }),
    );
    expect(warnings).toEqual([expect.stringMatching(/^POST \/orders\/:orderId:cancel: a flow for \/orders\/:id matches it too\./)]);
  });

  const large = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x-${index}`, 0]));
  const manyPaths = (item: unknown) => Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`/p${index}`, item]));

  it.each([
    ["a path item of 20,000 members", { components: { pathItems: { large: { ...large, get: {} } } } }, "#/components/pathItems/large"],
    [
      "a long chain",
      {
        components: {
          pathItems: Object.fromEntries(
            Array.from({ length: 18 }, (_, index) => [
              `a${index}`,
              index === 17 ? { get: {} } : { ...large, $ref: `#/components/pathItems/a${index + 1}` },
            ]),
          ),
        },
      },
      "#/components/pathItems/a0",
    ],
    [
      "a long description",
      { components: { pathItems: { long: { get: { description: "x ".repeat(400_000) } } } } },
      "#/components/pathItems/long",
    ],
  ])("is read in the time of its length where a thousand paths refer to %s", (_, rest, reference) => {
    expect(read(documentOf(manyPaths({ $ref: reference }), rest)).operations).toHaveLength(1000);
  });

  it("has no operations without paths, as version 3.1 allows", () => {
    expect(calls({ openapi: "3.1.0", info: { title: "Hooks", version: "1" }, webhooks: {} })).toEqual([]);
  });

  it("is never fetched in parts: references lead within the document, or are left out and told of", () => {
    const document = documentOf(
      {
        "/a": { $ref: "#/components/pathItems/a~1b" },
        "/b": { $ref: "https://evil.example/paths.json" },
        "/c": { $ref: "./other.yaml#/c" },
        "/d": { $ref: "#/components/pathItems/nowhere" },
        "/e": { $ref: "#/paths/~1e" },
        "/f": { $ref: "#/constructor" },
      },
      { components: { pathItems: { "a/b": { get: { summary: "There" } } } } },
    );
    expect(read(document).operations).toEqual([{ method: "GET", path: "/a", summary: "There" }]);
    expect(read(document).warnings).toEqual([
      expect.stringMatching(/^\/b: .*its \$ref is external/),
      expect.stringMatching(/^\/c: .*its \$ref is external/),
      expect.stringMatching(/^\/d: .*its \$ref has no target/),
      expect.stringMatching(/^\/e: .*circular/),
      expect.stringMatching(/^\/f: .*its \$ref has no target/),
    ]);
  });

  it("lists what no match can say as well as it can, and says so", () => {
    const document = documentOf({
      "/files/{name}.{kind}": { get: {} },
      "/files/{file}": { get: {} },
      "/items/{id}/{id}": { get: {} },
      "/a b": { get: {} },
      "/:literal": { get: {} },
      "/half{open": { get: {} },
      "no-slash": { get: {} },
      "/null": { get: null },
      "/elsewhere": { get: {}, servers: [{ url: "https://other.example" }] },
    });
    expect(calls(document)).toEqual(["GET /files/:name_kind", "GET /items/:id/:id_2", "GET /elsewhere"]);
    expect(read(document).warnings).toHaveLength(8);
  });

  it.each([
    ["Swagger 2.0", { swagger: "2.0", info: {}, paths: {} }, "swagger", /Convert it to OpenAPI 3/],
    ["a later version", { openapi: "4.0.0" }, "openapi", /3\.0 or 3\.1/],
    ["a version that is a number", { openapi: 3.1 }, "openapi", /must be a string/],
    ["a definition of ours", { gatewright: 1, name: "Orders" }, "openapi", /isn't an OpenAPI document/],
    ["no info", { openapi: "3.0.0", paths: {} }, "info", /title/],
    ["no title", documentOf({}, { info: { version: "1" } }), "info.title", /title/],
    ["paths that are a list", documentOf([]), "paths", /map/],
    ["a list", [], "", /isn't an OpenAPI document/],
    ["nothing", "  \n", "", /empty/],
    ["text that cannot be stored", documentOf({ "/a\u0000": {} }), "paths", /NUL/],
    ["a key that would be a prototype", '{"openapi":"3.1.0","__proto__":{}}', "", /__proto__/],
    ["broken JSON", '{"openapi": "3.1.0",\n "info" {', "", /line 2, column \d+/],
    ["broken YAML", "openapi: 3.1.0\ninfo:\n\t- x", "", /line 3, column \d+/],
    ["a key twice", "openapi: 3.1.0\nopenapi: 3.0.0\n", "", /appears twice.*line 2/],
    ["two documents", "openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "", /several YAML documents/],
    [
      "too many operations",
      documentOf(Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [`/p${n}`, { get: {} }]))),
      "paths",
      /2,000/,
    ],
  ])("is refused with %s, at its path and with what to do", (_, value, path, message) => {
    expect(problemsOf(value)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it("neither unfolds nor nests without end", () => {
    const bomb = ["a0: &a0 [x, x]", ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join("\n");
    expect(problemsOf(`openapi: 3.1.0\n${bomb}`)).toHaveLength(1);
    expect(problemsOf(`${"[".repeat(100_000)}`)).toHaveLength(1);
    expect(problemsOf(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`)[0]?.message).toMatch(/nested too deeply/);
    expect(problemsOf(`a: ${"{a: ".repeat(5000)}`)).toHaveLength(1);
  });

  it("never throws, and every path that it names can stand in a match", () => {
    const key = fc.oneof(fc.string(), fc.constantFrom("/", "/a/{b}", "/{a}{b}", "/{}", "/%2f", "/a?b", "/..", "//", "/é"));
    const value = fc.oneof(
      fc.json().map((text) => JSON.parse(text)),
      fc.constant({ get: {}, trace: {} }),
      fc.constant({ $ref: "#" }),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (paths) => {
        const result = readOpenApi(JSON.stringify(documentOf(paths)));
        if (!result.ok) return;
        for (const { path } of result.document.operations) expect(flowPathProblem(path)).toBeUndefined();
      }),
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readOpenApi(text)));
  });
});
