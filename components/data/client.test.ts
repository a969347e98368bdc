import { afterEach, expect, test, vi } from "vitest";
import { ApiProblem, call, SIGNED_OUT_EVENT } from "./client";

afterEach(() => vi.unstubAllGlobals());

/** How often the window is told that the session has ended, when the management API answers so. */
async function toldAfter(status: number): Promise<number> {
  const target = new EventTarget();
  let told = 0;
  target.addEventListener(SIGNED_OUT_EVENT, () => {
    told += 1;
  });
  vi.stubGlobal("window", target);
  vi.stubGlobal("fetch", async () => Response.json({ detail: "No." }, { status }));
  await expect(call("/apis")).rejects.toEqual(new ApiProblem(status, "No."));
  return told;
}

test("an ended session is told to the window, and no other failure is", async () => {
  expect(await toldAfter(401)).toBe(1);
  for (const status of [400, 403, 404, 412, 500, 503]) expect(await toldAfter(status), String(status)).toBe(0);
});
