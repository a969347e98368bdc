import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileContexts } from "./router";

describe("context paths", () => {
  it("find the longest one that is a prefix by whole segments", () => {
    const contextPath = fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 3 }).map((segments) => `/${segments.join("/")}`);
    fc.assert(
      fc.property(fc.uniqueArray(contextPath), fc.tuple(contextPath, fc.boolean()), (contexts, [base, slash]) => {
        const path = slash && base !== "/" ? `${base}/` : base;
        const expected = contexts
          .filter((context) => context === "/" || path === context || path.startsWith(`${context}/`))
          .sort((a, b) => (b === "/" ? 0 : b.length) - (a === "/" ? 0 : a.length))[0];
        const found = compileContexts(contexts.map((context) => [context, context] as const)).find(path);
        expect(found?.value).toBe(expected);
        if (found) expect((found.value === "/" ? "" : found.value) + found.rest).toBe(path);
      }),
      { numRuns: 1000 },
    );
  });

  it("are led to, below the one that was found, by every spelling and every reading that a shared backend may fold", () => {
    const router = compileContexts(["/shop", "/shop/private", "/shop/private/keys", "/bank"].map((context) => [context, context] as const));
    expect(router.nestedDepth).toBe(3);
    expect(router.leadsDeeper([["shop", "Private", "x"]], 1)).toBe(true);
    expect(router.leadsDeeper([["shop", "private", "\u212Aeys"]], 2)).toBe(true);
    expect(
      router.leadsDeeper(
        [
          ["shop", "a;b"],
          ["shop", "private"],
        ],
        1,
      ),
    ).toBe(true);
    expect(router.leadsDeeper([["shop", "private", "x"]], 2)).toBe(false);
    expect(router.leadsDeeper([["shop", "privat"]], 1)).toBe(false);
    // It lies below no other one, so nothing that is served may be taken for it.
    expect(router.leadsDeeper([["Bank"]], 0)).toBe(false);
  });
});
