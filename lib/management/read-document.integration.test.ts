import { expect, test } from "vitest";
import { readDefinitionText } from "./read-document";

test("a document is rejected at once if the queue is full, and queued ones are read", async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, index) => readDefinitionText(`name: Orders ${index}`)));
  const refused = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(refused.map(({ reason }) => [reason.status, reason.headers])).toEqual(
    Array.from({ length: 8 }, () => [503, { "Retry-After": "60" }]),
  );
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled" && outcome.value.ok)).toHaveLength(22);
});
