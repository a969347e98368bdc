import { describe, expect, it } from "vitest";
import { expiryWords, tokenState } from "./cached-token-words";

const NOW = Date.parse("2026-11-21T10:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe("a kept token in words", () => {
  it("counts down to its expiry, and then says that it expired", () => {
    expect(expiryWords(at(245), NOW)).toBe("in 4:05");
    expect(expiryWords(at(0), NOW)).toBe("Expired");
  });

  it("is not called kept once it expired without a renewal", () => {
    const token = { state: "kept", expiresAt: at(10), retryAt: null } as const;
    expect(tokenState(token, NOW)).toEqual({ meaning: "guarded", word: "Cached" });
    expect(tokenState(token, NOW + 10_000)).toEqual({ meaning: "neutral", word: "Expired" });
  });

  it("says when the token endpoint is asked again", () => {
    const token = { state: "backingOff", expiresAt: null, retryAt: at(8) } as const;
    expect(tokenState(token, NOW).word).toBe("Failing, retries in 0:08");
    expect(tokenState(token, NOW + 9_000).word).toBe("Failing, retries with the next request");
    expect(tokenState({ state: "none", expiresAt: null, retryAt: null }, NOW).meaning).toBe("neutral");
    expect(tokenState({ state: "failing", expiresAt: null, retryAt: null }, NOW).meaning).toBe("failing");
  });
});
