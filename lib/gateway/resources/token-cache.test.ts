import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimRules, verifiedToken } from "./claims";
import type { TokenCheck } from "./contract";
import { createTokenCache, MAX_TOKEN_LENGTH, MAX_UNDER_WAY_OF_CLIENT } from "./token-cache";

const NEGATIVE_TTL = 3;

const active = (expSeconds: number | null = null): TokenCheck => {
  const token = verifiedToken(
    expSeconds === null ? {} : { exp: expSeconds },
    claimRules({ userClaim: "sub", environmentClaim: "e", sandboxValue: "s", scopeSeparator: " ", audiences: [] }),
    Number.NEGATIVE_INFINITY,
  );
  if (typeof token === "string") throw new Error(token);
  return { outcome: "active", token };
};
const inactive: TokenCheck = { outcome: "inactive", reason: "" };
const unavailable: TokenCheck = { outcome: "unavailable", reason: "" };

/** A cache with a clock in seconds, and how often it asked. */
function cacheOf(ttlSeconds = 60) {
  const state = { nowSeconds: 0, asked: 0 };
  const cache = createTokenCache({
    positiveTtlMs: ttlSeconds * 1000,
    negativeTtlMs: NEGATIVE_TTL * 1000,
    now: () => state.nowSeconds * 1000,
  });
  const check = (token: string, answer: TokenCheck | (() => Promise<TokenCheck>)) =>
    cache.check(token, async () => {
      state.asked += 1;
      return typeof answer === "function" ? answer() : answer;
    });
  return { state, check, cache };
}

describe("the memory of token checks", () => {
  it("does exactly what a plain model does, whatever expires and however the clock is moved", async () => {
    const answer = fc.oneof(
      fc.option(fc.integer({ min: -20, max: 120 })).map((exp) => ({ kind: "active" as const, exp })),
      fc.constantFrom("inactive", "unavailable", "invalidResponse").map((kind) => ({ kind, exp: null })),
    );
    const step = fc.record({ token: fc.constantFrom("a", "b", "c"), answer, move: fc.integer({ min: -30, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 50 }), fc.array(step, { maxLength: 40, size: "max" }), async (ttl, steps) => {
        const { state, check } = cacheOf(ttl);
        const known = new Map<string, { check: TokenCheck; at: number; until: number }>();
        for (const { token, answer, move } of steps) {
          state.nowSeconds += move;
          const now = state.nowSeconds;
          const entry = known.get(token);
          const isKnown = entry !== undefined && now >= entry.at && now < entry.until;
          const said: TokenCheck =
            answer.kind === "active"
              ? active(answer.exp)
              : { outcome: answer.kind as "inactive" | "unavailable" | "invalidResponse", reason: token };
          const before = state.asked;
          const result = check(token, said);
          expect(result instanceof Promise).toBe(!isKnown);
          expect(await result).toBe(isKnown ? entry.check : said);
          expect(state.asked - before).toBe(isKnown ? 0 : 1);
          if (isKnown) continue;
          const lasts = answer.kind === "active" ? ttl : answer.kind === "inactive" ? Math.min(NEGATIVE_TTL, ttl) : 0;
          known.set(token, { check: said, at: now, until: Math.min(now + lasts, answer.exp ?? Number.POSITIVE_INFINITY) });
        }
      }),
      { numRuns: 500 },
    );
  });

  it("never serves a token that has expired, not even in the millisecond in which it expires", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 2_000_000 }), async (expSeconds, atMs) => {
        let now = 0;
        let asked = 0;
        const cache = createTokenCache({ positiveTtlMs: 86_400_000, negativeTtlMs: 3000, now: () => now });
        const ask = async () => {
          asked += 1;
          return active(expSeconds);
        };
        await cache.check("token", ask);
        now = atMs;
        await cache.check("token", ask);
        expect(asked).toBe(atMs < expSeconds * 1000 ? 1 : 2);
      }),
    );
  });

  it("counts the time from the question, because the answer may be as old as that", async () => {
    const { state, check } = cacheOf(60);
    await check("slow", async () => {
      state.nowSeconds = 50;
      return active();
    });
    state.nowSeconds = 59;
    expect(check("slow", unavailable)).toMatchObject({ outcome: "active" });
    state.nowSeconds = 60;
    expect(await check("slow", unavailable)).toBe(unavailable);
  });

  it("asks once for all who ask at the same moment, and again for the next one when the server was away or the question failed", async () => {
    const { state, check } = cacheOf();
    const many = (answer: TokenCheck | (() => Promise<TokenCheck>)) =>
      Promise.allSettled(Array.from({ length: 50 }, () => Promise.resolve(check("token", answer))));
    await many(unavailable);
    expect(state.asked).toBe(1);
    const failed = await many(() => Promise.reject(new Error("broken")));
    expect(failed.every(({ status }) => status === "rejected")).toBe(true);
    expect(state.asked).toBe(2);
    await many({ outcome: "invalidResponse", reason: "" });
    expect(state.asked).toBe(3);
    await many(active());
    await many(inactive);
    expect(state.asked).toBe(4);
  });

  it("takes no token for another one's, however alike they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.stringMatching(/^[a-c.]{0,4}$/), { minLength: 2 }), fc.nat(1000), async (texts, alike) => {
        const { state, check } = cacheOf();
        // JWTs of one server begin alike, and may end alike.
        const tokens = texts.map((text) => `${"e".repeat(alike)}${text}.${"e".repeat(alike)}`);
        const answers = new Map(tokens.map((token) => [token, active()]));
        for (let round = 0; round < 2; round += 1) for (const [token, answer] of answers) expect(await check(token, answer)).toBe(answer);
        expect(state.asked).toBe(tokens.length);
      }),
    );
  });

  it("forgets a token that was good once the server says that it no longer is, also when the clock is set back then", async () => {
    const { state, check } = cacheOf(60);
    state.nowSeconds = 100;
    await check("token", active());
    state.nowSeconds = 160;
    await check("token", inactive);
    state.nowSeconds = 130;
    expect(await check("token", unavailable)).toBe(unavailable);
  });

  it("keeps negative answers apart, so that a flood of wrong tokens pushes no good one out", async () => {
    const { state, check } = cacheOf();
    await check("good", active());
    for (let index = 0; index < 45_000; index += 1) await check(`bad${index}`, inactive);
    state.asked = 0;
    expect(check("good", inactive)).toMatchObject({ outcome: "active" });
    expect(check("bad44999", active())).toBe(inactive);
    // The memory is bounded: of the first ones nothing is left.
    await check("bad0", inactive);
    expect(state.asked).toBe(1);
  });

  it("bounds the questions that are under way, and answers the next one as soon as they have ended", async () => {
    const { state, check } = cacheOf();
    let answerAll: (check: TokenCheck) => void = () => undefined;
    const held = new Promise<TokenCheck>((resolve) => {
      answerAll = resolve;
    });
    const questions = Array.from({ length: 20_000 }, (_, index) => check(`token${index}`, () => held));
    expect(check("one more", active())).toMatchObject({ outcome: "unavailable" });
    expect(check("token0", active())).toBe(questions[0]);
    expect(state.asked).toBe(20_000);
    answerAll(unavailable);
    await Promise.all(questions);
    expect(await check("one more", active())).toMatchObject({ outcome: "active" });
  });

  it("bounds the questions of one client that are under way, and leaves the others theirs", async () => {
    const { cache } = cacheOf();
    let answerAll: (check: TokenCheck) => void = () => undefined;
    const held = new Promise<TokenCheck>((resolve) => {
      answerAll = resolve;
    });
    const of = (client: string) => () => client;
    const named: string[] = [];
    const ask = (client: string) => {
      named.push(client);
      return held;
    };
    const questions = Array.from({ length: MAX_UNDER_WAY_OF_CLIENT }, (_, index) => cache.check(`token${index}`, ask, of("a")));
    expect(cache.check("one more", ask, of("a"))).toMatchObject({ outcome: "unavailable" });
    // What is being asked already costs nothing.
    expect(cache.check("token0", ask, of("a"))).toBe(questions[0]);
    const others = [cache.check("of another", ask, of("b")), cache.check("of the gateway itself", ask)];
    expect(named.slice(MAX_UNDER_WAY_OF_CLIENT)).toEqual(["b", ""]);
    answerAll(unavailable);
    await Promise.all([...questions, ...others]);
    expect(await cache.check("one more", async () => active(), of("a"))).toMatchObject({ outcome: "active" });
  });

  it("refuses a token that is longer than any, at once and without asking", () => {
    const { state, check } = cacheOf();
    expect(check("t".repeat(MAX_TOKEN_LENGTH + 1), active())).toMatchObject({ outcome: "inactive" });
    expect(state.asked).toBe(0);
  });
});
