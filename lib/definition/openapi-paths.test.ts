import { describe, expect, it } from "vitest";
import { readPathTemplate } from "./openapi-paths";

describe("a path template", () => {
  it("that is longer than any path is left out before it is read, in a warning of one line", () => {
    const { path, warning } = readPathTemplate(`/${"{a}/".repeat(100_000)}`);
    expect(path).toBeNull();
    expect(warning?.length).toBeLessThan(400);
  });

  it("gives parameters of one name a number each", () => {
    expect(readPathTemplate("/{a}/{a}/{a}")).toEqual({ path: "/:a/:a_2/:a_3", warning: null });
  });
});
