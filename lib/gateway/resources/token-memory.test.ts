import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { claimRules, verifiedToken } from "./claims";
import type { TokenCheck } from "./contract";
import { heapSize } from "./heap-size";
import { createTokenCache } from "./token-cache";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** What is left of the heap once what nobody holds is gone. */
function heapUsed(): number {
  if (typeof collect !== "function") throw new Error("Garbage can't be collected.");
  collect();
  return process.memoryUsage().heapUsed;
}

/** Claims that take far more memory than their text. */
const HOSTILE = `{"active":true,"x":[${Array.from({ length: 20_000 }, () => "[]").join()}]}`;

const rulesOf = (keepsClaims: boolean) =>
  claimRules({ userClaim: "sub", environmentClaim: "e", sandboxValue: "s", scopeSeparator: " ", audiences: [], keepsClaims });

const activeOf = (text: string, keepsClaims: boolean): TokenCheck => {
  const token = verifiedToken(JSON.parse(text), rulesOf(keepsClaims), 0);
  if (typeof token === "string") throw new Error(token);
  return { outcome: "active", token };
};

describe("the memory that tokens take", () => {
  it("is bounded in bytes, however long the answers about them are", async () => {
    const cache = createTokenCache({ positiveTtlMs: 3_600_000, negativeTtlMs: 3000, now: () => 0 });
    const size = heapSize(activeOf(HOSTILE, true));
    expect(size).toBeGreaterThan(500_000);
    let asked = 0;
    const check = (name: string) =>
      cache.check(name, async () => {
        asked += 1;
        return activeOf(HOSTILE, true);
      });
    for (let index = 0; index < 200; index += 1) await check(`token${index}`);
    expect(asked).toBe(200);
    // The last ones are known still, and of all of them no more than fit.
    expect(check("token199")).not.toBeInstanceOf(Promise);
    let known = 0;
    for (let index = 0; index < 200; index += 1)
      if (!(cache.check(`token${index}`, async () => ({ outcome: "unavailable", reason: "" })) instanceof Promise)) known += 1;
    expect(known * size).toBeLessThanOrEqual(33_554_432);
    expect(known).toBeGreaterThan(10);
  });

  it("holds no claims where no step hands them on", () => {
    const check = activeOf(HOSTILE, false);
    expect(check).toMatchObject({ token: { claims: null } });
    expect(heapSize(check)).toBeLessThan(3000);
  });

  it.each([
    ["empty lists", Array.from({ length: 50_000 }, () => "[]").join()],
    ["empty objects", Array.from({ length: 50_000 }, () => "{}").join()],
    ["objects with names of their own", Array.from({ length: 20_000 }, (_, index) => `{"n${index}":${index}}`).join()],
    ["objects alike", Array.from({ length: 20_000 }, (_, index) => `{"name":${index},"other":"v"}`).join()],
    ["texts", Array.from({ length: 20_000 }, (_, index) => `"text ${index}"`).join()],
    ["texts beyond Latin-1", Array.from({ length: 5000 }, (_, index) => `"\u4e16\u754c ${"\u4e16".repeat(20)}${index}"`).join()],
    ["fractions", Array.from({ length: 50_000 }, (_, index) => `${index}.5`).join()],
    ["lists of lists", Array.from({ length: 20_000 }, () => "[[1],[2]]").join()],
  ])("is estimated as no less than it is for %s", (_, members) => {
    // In one piece, so that parsing need not join it.
    const text = Buffer.from(`[${members}]`).toString();
    const before = heapUsed();
    const value: unknown = JSON.parse(text);
    const taken = heapUsed() - before;
    expect(heapSize(value)).toBeGreaterThanOrEqual(taken);
  });
});
