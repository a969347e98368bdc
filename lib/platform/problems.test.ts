import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { watchDisk } from "./problems";

test("a disk has too little space for what needs more than it has", async () => {
  const enough = watchDisk(tmpdir(), 1);
  const tooLittle = watchDisk(tmpdir(), Number.MAX_SAFE_INTEGER);
  await expect.poll(() => tooLittle().map(({ problem }) => problem)).toEqual(["disk"]);
  // Both were measured at the same time.
  expect(enough()).toEqual([]);
});
