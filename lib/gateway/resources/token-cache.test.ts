import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifiedToken } from "./claims";
import type { TokenCheck } from "./contract";
import { createTokenCache } from "./token-cache";

const active = (expSeconds: number | null): TokenCheck => {
  const token = verifiedToken(
    expSeconds === null ? {} : { exp: expSeconds },
    { userClaim: "sub", environmentClaim: "e", sandboxValue: "s", scopeSeparator: " ", audiences: [] },
    0,
  );
  return typeof token === "string" ? { outcome: "inactive", reason: token } : { outcome: "active", token };
};

describe("the memory of token checks", () => {
  it("never serves a positive answer later than its time or the token's expiry", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }),
        fc.option(fc.integer({ min: 1, max: 100 })),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }),
        async (ttl, exp, steps) => {
          let now = 0;
          let askedAt = -1;
          const cache = createTokenCache("id", { positiveTtlMs: ttl * 1000, negativeTtlMs: 3000, now: () => now });
          for (const step of [0, ...steps]) {
            now += step * 1000;
            await cache.check("token", async () => {
              askedAt = now;
              return active(exp);
            });
            if (askedAt !== now) {
              expect(now - askedAt).toBeLessThan(ttl * 1000);
              if (exp !== null) expect(now).toBeLessThan(exp * 1000);
            }
          }
        },
      ),
    );
  });

  it("keeps negative answers apart, for a short time, and never that a server was away", async () => {
    let now = 0;
    let asked = 0;
    const cache = createTokenCache("id", { positiveTtlMs: 60_000, negativeTtlMs: 3000, now: () => now });
    const ask = (check: TokenCheck) => async () => {
      asked += 1;
      return check;
    };
    await cache.check("good", ask(active(null)));
    for (let index = 0; index < 12_000; index += 1) await cache.check(`bad${index}`, ask({ outcome: "inactive", reason: "" }));
    asked = 0;
    await cache.check("good", ask(active(null)));
    await cache.check("bad11999", ask({ outcome: "inactive", reason: "" }));
    expect(asked).toBe(0);
    now = 3000;
    await cache.check("bad11999", ask({ outcome: "unavailable", reason: "" }));
    await cache.check("bad11999", ask({ outcome: "unavailable", reason: "" }));
    expect(asked).toBe(2);
  });
});
