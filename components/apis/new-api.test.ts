import { describe, expect, it } from "vitest";
import { emptyApi, fieldPaths, problemsWith, sortProblems } from "./new-api";

const orders = { ...emptyApi, name: "Orders", contextPath: "/orders", url: "https://orders.internal/v2" };

describe("a new API", () => {
  it("is good with a name, a context path and a backend URL", () => {
    expect(problemsWith(orders)).toEqual([]);
  });

  it.each([
    ["name", { name: " " }],
    ["version", { version: "" }],
    ["contextPath", { contextPath: "/a/../b" }],
    ["contextPath", { contextPath: "/metrics" }],
    ["url", { url: "not a url" }],
    ["url", { url: "https://user:secret@orders.internal/" }],
    ["url", { url: "https://orders.internal/#part" }],
  ] as const)("says at %s what is wrong with %j", (field, change) => {
    const { byField, others } = sortProblems(problemsWith({ ...orders, ...change }));
    expect(Object.keys(byField)).toEqual([field]);
    expect(others).toEqual([]);
  });

  it("keeps a problem that belongs to no field", () => {
    const problem = { path: "cors", message: "Something about CORS." };
    expect(sortProblems([problem, { path: fieldPaths.url, message: "About the URL." }])).toEqual({
      byField: { url: "About the URL." },
      others: [problem],
    });
  });
});
