import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextPathProblem } from "@/lib/definition/paths";
import { suggestContextPath } from "./suggest-context-path";

describe("suggestContextPath", () => {
  it.each([
    ["Orders", "/orders"],
    ["Pet store (v2)", "/pet-store-v2"],
    ["Größen & Maße", "/grossen-masse"],
    ["metrics", "/metrics-api"],
    ["  ", ""],
    ["注文", ""],
  ])("makes %j into %j", (name, path) => {
    expect(suggestContextPath(name)).toBe(path);
  });

  it("suggests only what the definition accepts", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 150 }), (name) => {
        const path = suggestContextPath(name);
        return path === "" || contextPathProblem(path) === undefined;
      }),
    );
  });
});
