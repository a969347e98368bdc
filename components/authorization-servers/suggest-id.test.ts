import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { authorizationServerBodySchema } from "@/lib/management/contract/authorization";
import { suggestId } from "./suggest-id";

describe("the suggested id of an authorization server", () => {
  it("is empty or one that the management API takes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), (name) => {
        const id = suggestId(name);
        expect(id === "" || authorizationServerBodySchema.safeParse({ name: "x", audience: "x", id }).success).toBe(true);
      }),
    );
  });

  it.each([
    ["Orders", "orders"],
    ["Orders & Returns", "orders-returns"],
    ["  Größe  ", "gro-e"],
    ["注文", ""],
  ])("of %j is %j", (name, id) => {
    expect(suggestId(name)).toBe(id);
  });
});
