import { expect, it } from "vitest";
import { requestIds } from "./request-id";

it("the ids of requests are random UUIDs, each another", () => {
  const next = requestIds();
  const ids = Array.from({ length: 1000 }, next);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
  // Every position that is free takes every value.
  for (let position = 0; position < 36; position += 1) {
    const seen = new Set(ids.map((id) => id[position])).size;
    expect([position, seen]).toEqual([position, [8, 13, 18, 23, 14].includes(position) ? 1 : position === 19 ? 4 : 16]);
  }
});
