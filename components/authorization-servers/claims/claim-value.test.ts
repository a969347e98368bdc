import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueDraft, valueInLine, valueOfDraft } from "./claim-value";

describe("a claim's value in the form", () => {
  it("comes back as it was, whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        // JSON has no -0: it is written as 0.
        const stored = JSON.parse(JSON.stringify(value));
        const { mode, text } = valueDraft({ kind: "static", value: stored });
        expect(valueOfDraft(mode, text)).toEqual({ kind: "static", value: stored });
      }),
    );
  });

  it("keeps a text that looks like JSON a text", () => {
    expect(valueDraft({ kind: "static", value: "true" })).toEqual({ mode: "text", text: "true" });
    expect(valueOfDraft("text", "true")).toEqual({ kind: "static", value: "true" });
    expect(valueOfDraft("json", "true")).toEqual({ kind: "static", value: true });
  });

  it("is refused with the reason when it is not JSON, and when nothing is written", () => {
    expect(valueOfDraft("json", "{a}")).toHaveProperty("problem", expect.stringMatching(/^Invalid JSON: /));
    expect(valueOfDraft("json", " ")).toHaveProperty("problem");
    expect(valueOfDraft("expression", " ")).toHaveProperty("problem");
  });

  it("is told apart in the table: a text has quotes, an expression has none", () => {
    expect(valueInLine({ kind: "static", value: "gold" })).toBe('"gold"');
    expect(valueInLine({ kind: "expression", value: "client.name" })).toBe("client.name");
  });
});
