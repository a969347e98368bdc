import { expect, it } from "vitest";
import { undeployedSentence } from "./undeployed-sentence";

it("says what callers meet while nothing is deployed", () => {
  expect(undeployedSentence(null, undefined)).toBe("Not deployed: clients get 404.");
});

it("counts the changes since what runs", () => {
  expect(undeployedSentence(2, 1)).toBe("1 undeployed change since deployment 2");
  expect(undeployedSentence(2, 3)).toBe("3 undeployed changes since deployment 2");
});

it("never says that there is no change while the draft differs", () => {
  expect(undeployedSentence(2, undefined)).toBe("Undeployed changes since deployment 2");
  expect(undeployedSentence(2, 0)).toBe("Undeployed changes since deployment 2");
});
