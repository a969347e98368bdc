import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fieldMeta } from "@/lib/definition/registry";
import { policyErrors } from "./errors";
import { policies } from "./index";
import { policyDescriptors } from "./schemas";
import { testContext } from "./testing";

/** Every field in a schema, by its path. */
function fieldsIn(schema: z.ZodType, path = ""): [string, z.ZodType][] {
  if ("innerType" in schema.def) return fieldsIn(schema.def.innerType as z.ZodType, path);
  if (schema instanceof z.ZodArray) return fieldsIn(schema.element as z.ZodType, `${path}[]`);
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, type]): [string, z.ZodType][] => {
    const at = path === "" ? name : `${path}.${name}`;
    return [[at, type as z.ZodType], ...fieldsIn(type as z.ZodType, at)];
  });
}

describe("every policy", () => {
  it("is in both lists, in the same order", () => {
    expect(policies.map((policy) => policy.descriptor)).toEqual([...policyDescriptors]);
  });

  const cases = policies.map((policy) => [policy.descriptor.id, policy] as const);

  it.each(cases)("%s has its folder's name as ID, help, and examples", (id, { descriptor }) => {
    expect(existsSync(join(import.meta.dirname, id, "handler.ts"))).toBe(true);
    expect(descriptor.help).not.toBe("");
    expect(descriptor.examples.length).toBeGreaterThan(0);
  });

  it.each(cases)("%s has a handler for exactly its declared phases, with each of its examples", (_, policy) => {
    for (const { title, config } of policy.descriptor.examples) {
      const compiled = policy.compile(policy.descriptor.schema.parse(config), testContext({ secret: () => "secret" }));
      expect(
        (["request", "response"] as const).filter((phase) => compiled[phase]),
        title,
      ).toEqual([...policy.descriptor.phases]);
      for (const handler of [compiled.request, compiled.response]) expect(handler?.name).not.toBe("");
    }
  });

  it.each(cases)("%s describes any configuration, however incomplete", (_, { descriptor }) => {
    const nonsense = Object.fromEntries(Object.keys(descriptor.schema.shape).map((field) => [field, { wrong: true }]));
    for (const config of [{}, nonsense, ...descriptor.examples.map((example) => example.config)]) {
      expect(descriptor.sentence(config)).not.toBe("");
      for (const says of [descriptor.requires, descriptor.reads, descriptor.writes]) expect(Array.isArray(says(config))).toBe(true);
    }
  });

  it.each(cases)("%s has secrets only in top-level fields", (_, { descriptor }) => {
    const fields = fieldsIn(descriptor.schema);
    const secrets = fields.filter(([, type]) => fieldMeta(type).secret);
    expect(secrets.filter(([path]) => /[.[]/.test(path)).map(([path]) => path)).toEqual([]);
    const known = Object.keys(descriptor.schema.shape);
    for (const [, type] of secrets) expect(known).toEqual(expect.arrayContaining([...(fieldMeta(type).sentTo ?? [])]));
  });
});

it("every policy error has an HTTP error status, a message, and words", () => {
  for (const [code, { status, message, words }] of Object.entries(policyErrors)) {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect([message, words]).not.toContain("");
  }
});
