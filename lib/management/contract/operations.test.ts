import { expect, test } from "vitest";
import { openApiDocument } from "../openapi";
import type { Operation } from "./operation";
import { operations } from "./operations";

test("no two operations are the same request", () => {
  const requests = Object.values<Operation>(operations).map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`);
  expect(new Set(requests).size).toBe(requests.length);
});

test("a success without content has no body, and every other has one", () => {
  for (const [name, { status, response }] of Object.entries<Operation>(operations))
    expect([name, response === null]).toEqual([name, status === 204]);
});

test("openapi.json describes every operation with its responses", () => {
  const document = openApiDocument();
  const described = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item ?? {}));
  expect(described).toHaveLength(Object.keys(operations).length);
  const put = document.paths?.["/apis/{id}/definition"]?.put;
  expect(Object.keys(put?.responses ?? {})).toEqual(["200", "400", "401", "404", "409", "412", "428"]);
});

test("openapi.json is one that generators read: unique ids, declared path parameters, references that lead somewhere", () => {
  const document = JSON.parse(JSON.stringify(openApiDocument()));
  const at = (reference: string) =>
    reference
      .replace(/^#\//, "")
      .split("/")
      .reduce((value, key) => value?.[key.replace(/~1/g, "/").replace(/~0/g, "~")], document);
  const ids: string[] = [];
  for (const [path, item] of Object.entries<Record<string, Record<string, unknown>>>(document.paths)) {
    for (const described of Object.values(item)) {
      ids.push(String(described.operationId));
      const parameters = (described.parameters ?? []) as { in: string; name: string; required?: boolean }[];
      const inPath = parameters.filter((parameter) => parameter.in === "path" && parameter.required).map(({ name }) => name);
      expect(inPath.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
      expect(Object.keys(described.responses as object)).toContain("401");
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => String(reference));
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
});

test("openapi.json names the preconditions of every write that takes them, and numbers as numbers", () => {
  const { paths } = openApiDocument();
  const parameter = (path: string, method: "get" | "patch" | "delete", name: string) =>
    paths?.[path]?.[method]?.parameters?.find((one) => "name" in one && one.name === name);
  expect(parameter("/applications/{id}", "patch", "If-Match")).toMatchObject({ in: "header", required: false });
  expect(parameter("/applications/{id}", "get", "If-None-Match")).toMatchObject({ in: "header" });
  expect(paths?.["/applications/{id}"]?.get?.responses).toMatchObject({ 200: { headers: { ETag: {} } }, 304: {} });
  expect(parameter("/apis", "get", "limit")).toMatchObject({ schema: { type: "integer", minimum: 1, maximum: 200, default: 100 } });
  expect(parameter("/apis", "get", "limit")).not.toHaveProperty("schema.pattern");
});
