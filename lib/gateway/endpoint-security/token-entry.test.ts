import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CachedToken } from "./cached-token";
import { EndpointSecurityFailure } from "./failure";
import { TestClock, testCall } from "./testing/fixtures";
import { TokenKeeper } from "./token-keeper";

const event = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ does: "call" as const }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 70_000 }) }) },
  { weight: 2, arbitrary: fc.constant({ does: "refuse" as const }) },
  { weight: 1, arbitrary: fc.constant({ does: "drop" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("answer" as const), fails: fc.boolean(), lifetimeMs: fc.integer({ min: -1, max: 90_000 }) }),
  },
);

describe("a token, whatever happens in whatever order", () => {
  it("is never served after its time, nor after it was refused or dropped, and the server is never asked during a back-off", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), fc.nat({ max: 120 }), async (events, skewSeconds) => {
        const clock = new TestClock();
        const keeper = new TokenKeeper({ now: clock.now, random: () => 0.5 });
        const server = { fails: false, lifetimeMs: 60_000 };
        const expiry = new Map<string, number>();
        const gone = new Set<string>();
        let asked = 0;
        let askedInBackOff = 0;
        const request = async () => {
          if (keeper.view()[0]?.retryAtMs) askedInBackOff += 1;
          asked += 1;
          const accessToken = `token-${asked}`;
          const { fails, lifetimeMs } = server;
          expiry.set(accessToken, clock.ms + lifetimeMs);
          await turn();
          if (fails) throw new EndpointSecurityFailure("serverError", "No.");
          return { accessToken, lifetimeMs: Math.max(0, lifetimeMs), refreshToken: null, scope: null, status: 200 };
        };
        const handle = keeper.take(
          { key: "k", skewMs: skewSeconds * 1000, timeoutMs: 1000, useRefreshToken: true, request },
          { waitMs: 1000 },
        );
        const use = async (): Promise<CachedToken | null> => {
          const before = asked;
          const got = handle.get(testCall());
          const isWaited = got instanceof Promise;
          const token = await Promise.resolve(got).catch((error: unknown) => {
            expect(error).toBeInstanceOf(EndpointSecurityFailure);
            return null;
          });
          // One call asks for one token at most.
          expect(asked - before).toBeLessThanOrEqual(1);
          if (token === null) return null;
          expect(gone).not.toContain(token.accessToken);
          // What is kept is good at this time; what was waited for may be good for those that waited only.
          if (!isWaited) expect(expiry.get(token.accessToken)).toBeGreaterThan(clock.ms);
          expect(token.authorization).toBe(`Bearer ${token.accessToken}`);
          return token;
        };
        for (const step of events) {
          if (step.does === "wait") clock.forward(step.ms);
          else if (step.does === "answer") Object.assign(server, { fails: step.fails, lifetimeMs: step.lifetimeMs });
          else if (step.does === "drop") {
            await turn();
            await turn();
            const kept = keeper.view()[0]?.state === "kept" ? await use() : null;
            await turn();
            await turn();
            await keeper.drop("k");
            if (kept) gone.add(kept.accessToken);
          } else {
            const token = await use();
            if (token && step.does === "refuse" && handle.evict(token.accessToken)) gone.add(token.accessToken);
          }
        }
        expect(askedInBackOff).toBe(0);
        handle.release();
        await expect(handle.get(testCall())).rejects.toMatchObject({ kind: "released" });
        expect(keeper.view()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
