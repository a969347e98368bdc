import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { introspectionConfigSchema } from "@/lib/gateway/resources/oauth2-introspection/schema";
import { describeFields, type Field } from "./fields";
import { effectiveValue, invalidIndexes, isChanged, isVisible, messageAt, problemsAt, strayProblems, withField } from "./values";

const fields = describeFields(introspectionConfigSchema);

function fieldOf(key: string, among: readonly Field[] = fields): Field {
  const found = among.find((field) => field.key === key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
}

describe("changing one field", () => {
  it("leaves every other key as it was, known or unknown", () => {
    const anything = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(anything, fc.constantFrom(...fields), fc.jsonValue(), (value, field, next) => {
        const changed = withField(field, value, next);
        for (const key of Object.keys(value)) if (key !== field.key) expect(changed[key]).toBe(value[key]);
        for (const key of Object.keys(changed)) if (key !== field.key) expect(key in value).toBe(true);
      }),
    );
  });

  it("stores what was entered and shows it again", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...fields),
        fc.oneof(fc.string({ minLength: 1 }), fc.boolean(), fc.integer(), fc.array(fc.string())),
        (field, next) => {
          expect(effectiveValue(field, withField(field, {}, next))).toEqual(next);
        },
      ),
    );
  });

  it("keeps an emptied text as empty, so that its schema can say what is missing", () => {
    expect(withField(fieldOf("clientId"), { clientId: "a" }, "")).toEqual({ clientId: "" });
    expect(withField(fieldOf("tokenName"), { tokenName: "a" }, "")).toEqual({ tokenName: "" });
  });

  it("takes an emptied optional text away unless empty is a value of its own", () => {
    const optional = describeFields(z.object({ name: z.string().min(1).optional(), note: z.string().optional() }));
    expect(withField(fieldOf("name", optional), { name: "a" }, "")).toEqual({});
    expect(withField(fieldOf("note", optional), { note: "a" }, "")).toEqual({ note: "" });
  });

  it("takes an emptied secret away, which keeps what is stored", () => {
    expect(withField(fieldOf("clientSecret"), { clientSecret: "typed" }, "")).toEqual({});
  });
});

describe("what a form shows", () => {
  it("is a field only while its condition holds, also by the sibling's default", () => {
    const header = fieldOf("clientAuthenticationHeader");
    expect(isVisible(header, fields, {})).toBe(false);
    expect(isVisible(header, fields, { clientAuthentication: "header" })).toBe(true);
  });

  it("is changed when it differs from the default, and not when the default is written out", () => {
    expect(isChanged(fieldOf("method"), {})).toBe(false);
    expect(isChanged(fieldOf("method"), { method: "POST" })).toBe(false);
    expect(isChanged(fieldOf("method"), { method: "GET" })).toBe(true);
    expect(isChanged(fieldOf("audiences"), { audiences: [] })).toBe(false);
  });
});

describe("problems", () => {
  const problems = [
    { path: "c.scopes[1]", message: "No spaces." },
    { path: "c.scopes[3]", message: "No spaces." },
    { path: "c.scopesMode", message: "Choose one." },
    { path: "c.other", message: "Nothing is called other here." },
    { path: "c", message: "The whole is wrong." },
    { path: "d.scopes", message: "Elsewhere." },
  ];

  it("belong to the field they are in and not to one that merely starts alike", () => {
    expect(problemsAt(problems, "c.scopes")).toHaveLength(2);
    expect(messageAt(problems, "c.scopes")).toBe("No spaces.");
    expect(invalidIndexes(problems, "c.scopes")).toEqual([1, 3]);
  });

  it("that no shown field would show are not lost", () => {
    const shown = describeFields(z.object({ scopes: z.array(z.string()), scopesMode: z.string() }));
    expect(strayProblems(problems, "c", shown).map((problem) => problem.path)).toEqual(["c.other", "c"]);
  });
});
