import { expect, test } from "vitest";
import { readOnly } from "./problem-response";

test("a read-only path returns 405 with Allow for other methods, and OPTIONS returns Allow", async () => {
  const { OPTIONS, ...others } = readOnly();
  expect(Object.keys(others).sort()).toEqual(["DELETE", "PATCH", "POST", "PUT"]);
  for (const respond of Object.values(others)) {
    const response = await respond();
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  }
  const options = await OPTIONS();
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
});
