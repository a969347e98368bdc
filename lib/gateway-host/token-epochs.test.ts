import { expect, test } from "vitest";
import { createTokenEpochs } from "./token-epochs";

test("an endpoint's epoch comes from the last list, or is 0", () => {
  const epochs = createTokenEpochs();
  expect(epochs.of("a", "production")).toBe(0);
  epochs.take([
    { apiId: "a", environment: "production", epoch: 2 },
    { apiId: "a", environment: "sandbox", epoch: 1 },
    { apiId: "b", environment: "sandbox", epoch: 7 },
  ]);
  expect([epochs.of("a", "production"), epochs.of("a", "sandbox"), epochs.of("b", "production"), epochs.of("b", "sandbox")]).toEqual([
    2, 1, 0, 7,
  ]);
  epochs.take([]);
  expect(epochs.of("a", "production")).toBe(0);
});
