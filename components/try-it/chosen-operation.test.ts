import { describe, expect, it } from "vitest";
import { inputOf } from "./chosen-operation";

describe("choosing an operation", () => {
  it("fills in its method and its path", () => {
    expect(inputOf({ method: "DELETE", path: "/orders/:id" })).toEqual({ method: "DELETE", path: "/orders/:id" });
  });

  it("leaves the method alone where the operation stands for several, or for one that cannot be sent from here", () => {
    expect(inputOf({ method: "*", path: "/orders" })).toEqual({ path: "/orders" });
    expect(inputOf({ method: "TRACE", path: "/orders" })).toEqual({ path: "/orders" });
  });
});
