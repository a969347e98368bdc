import { describe, expect, it } from "vitest";
import { firstParameter, operationName, pathsOf, searchOperations } from "./operation-words";

describe("the words for operations", () => {
  it("call the method that stands for all others ANY", () => {
    expect(operationName({ method: "*", path: "/a" })).toBe("ANY /a");
    expect(operationName({ method: "GET", path: "/a/:id" })).toBe("GET /a/:id");
  });

  it("find the first parameter of a path, to be typed over", () => {
    const path = "/orders/:id/lines/:line";
    const found = firstParameter(path);
    expect(found && path.slice(found.start, found.end)).toBe(":id");
    expect(firstParameter("/orders/:id:cancel")).toEqual({ start: 8, end: 11 });
    expect(firstParameter("/orders")).toBeNull();
    expect(firstParameter("/orders?at=12:30")).toBeNull();
    expect(firstParameter("/a:b")).toBeNull();
  });

  it("find operations by method, path and summary", () => {
    const list = { method: "GET", path: "/orders", summary: "List orders" };
    const add = { method: "POST", path: "/orders", summary: "Add an order" };
    expect(searchOperations([list, add], "post ord")).toEqual([add]);
    expect(searchOperations([list, add], "LIST")).toEqual([list]);
    expect(searchOperations([list, add], " ")).toEqual([list, add]);
  });

  it("name each path once, with the methods that it takes", () => {
    const operations = [
      { method: "GET", path: "/a" },
      { method: "GET", path: "/b" },
      { method: "*", path: "/a" },
    ];
    expect(pathsOf(operations)).toEqual([
      { path: "/a", methods: ["GET", "ANY"] },
      { path: "/b", methods: ["GET"] },
    ]);
  });
});
