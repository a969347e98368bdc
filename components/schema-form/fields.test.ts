import { describe, expect, it } from "vitest";
import { z } from "zod";
import { policyDescriptors } from "@/lib/gateway/policies/schemas";
import { introspectionConfigSchema } from "@/lib/gateway/resources/oauth2-introspection/schema";
import { resourceDescriptors } from "@/lib/gateway/resources/schemas";
import { describeFields, splitUnit } from "./fields";

const introspection = describeFields(introspectionConfigSchema);
const field = (key: string) => introspection.find((candidate) => candidate.key === key);

describe("fields of a schema", () => {
  it.each([
    ...policyDescriptors.map((policy) => [policy.id, policy.schema] as const),
    ...resourceDescriptors.map((resource) => [resource.type, resource.schema] as const),
  ])("exist for everything in %s, in the schema's order", (_, schema) => {
    expect(describeFields(schema).map((described) => described.key)).toEqual(Object.keys(schema.shape));
  });

  it("carry the kind that the schema and its hints ask for", () => {
    expect(Object.fromEntries(introspection.map(({ key, kind }) => [key, kind]))).toMatchObject({
      introspectionEndpoint: "text",
      clientSecret: "secret",
      clientAuthentication: "enum",
      audiences: "string-list",
      cacheTtlSeconds: "number",
    });
    expect(field("introspectionEndpoint")).toMatchObject({ isUrl: true });
  });

  it("know their default, through every wrapper", () => {
    expect(field("method")?.defaultValue).toBe("POST");
    expect(field("clientId")?.defaultValue).toBeUndefined();
    const [wrapped] = describeFields(z.object({ a: z.string().default("x").optional().meta({ title: "A" }) }));
    expect(wrapped).toMatchObject({ label: "A", defaultValue: "x", isOptional: true });
  });

  it("do not call a required secret optional", () => {
    expect(field("clientSecret")?.isOptional).toBe(false);
  });

  it("say their unit beside the number, not in the label", () => {
    expect(field("timeoutMs")).toMatchObject({ label: "Timeout", unit: "ms" });
    expect(field("cacheTtlSeconds")).toMatchObject({ unit: "s" });
    expect(splitUnit("Audience (optional)")).toEqual({ label: "Audience (optional)", unit: undefined });
  });

  it("let list entries contain spaces only where the schema accepts them", () => {
    const described = describeFields(z.object({ free: z.array(z.string()), strict: z.array(z.string().regex(/^\S+$/)) }));
    expect(described).toMatchObject([{ spacesAllowed: true }, { spacesAllowed: false }]);
  });

  it("nest for objects", () => {
    const [nested] = describeFields(z.object({ claim: z.object({ name: z.string(), value: z.string() }) }));
    expect(nested).toMatchObject({ kind: "object", fields: [{ key: "name" }, { key: "value" }] });
  });

  it("make words of a key without a title", () => {
    expect(describeFields(z.object({ maxBodyBytes: z.int() }))[0]?.label).toBe("Max body bytes");
  });

  it("are refused by name for a type that no field can edit", () => {
    expect(() => describeFields(z.object({ when: z.date() }))).toThrow("when");
  });
});
