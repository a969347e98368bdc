import { describe, expect, it } from "vitest";
import { compareWith } from "./compare-with";

const history = [{ number: 4 }, { number: 3 }, { number: 1 }];

describe("what a deployment is compared with", () => {
  it("is the one before it unless something is chosen", () => {
    expect(compareWith(null, 4, history)).toBe(3);
    expect(compareWith(null, 3, history)).toBe(1);
    expect(compareWith(null, 1, history)).toBeNull();
  });

  it("is what was chosen, also a later one or the draft", () => {
    expect(compareWith("4", 1, history)).toBe(4);
    expect(compareWith("draft", 1, history)).toBe("draft");
  });

  it.each(["", "0", "9", "3", "latest", "1.5"])("is the one before it when the choice %j is not in the history or is itself", (choice) => {
    expect(compareWith(choice, 3, history)).toBe(1);
  });
});
