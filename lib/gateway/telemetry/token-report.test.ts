import { describe, expect, it } from "vitest";
import type { EndpointTokenView } from "../upstream/endpoint-tokens";
import { failingTokenProblems, failingTokens, mergeTokenReports, tokenReports } from "./token-report";

const view = (more: Partial<EndpointTokenView> = {}): EndpointTokenView => ({
  apiId: "api_1",
  environment: "production",
  state: "kept",
  keptSinceMs: 0,
  expiresAtMs: 60_000,
  scope: "read",
  hasRefreshToken: true,
  lastRenewalAtMs: null,
  lastError: null,
  retryAtMs: null,
  renewalFailures: 0,
  waiting: 0,
  ...more,
});
const failure = (atMs: number) => ({ kind: "refused", message: `no ${atMs}`, atMs }) as const;
const failing = (atMs: number, retryAtMs: number | null = null) =>
  view({ state: "failing", keptSinceMs: null, expiresAtMs: null, lastError: failure(atMs), retryAtMs });

describe("what a gateway reports of its tokens", () => {
  it("has its times as text, and its failures with their reason", () => {
    expect(tokenReports([view({ lastRenewalAtMs: 1000 })])).toEqual([
      {
        apiId: "api_1",
        environment: "production",
        state: "kept",
        keptSince: "1970-01-01T00:00:00.000Z",
        expiresAt: "1970-01-01T00:01:00.000Z",
        lastRenewalAt: "1970-01-01T00:00:01.000Z",
        lastError: null,
        retryAt: null,
        scope: "read",
        hasRefreshToken: true,
      },
    ]);
    expect(tokenReports([failing(0)])[0]).toMatchObject({
      state: "failing",
      lastError: { at: "1970-01-01T00:00:00.000Z", kind: "refused" },
    });
    expect(tokenReports([failing(0, 5000)])[0]).toMatchObject({ state: "backingOff", retryAt: "1970-01-01T00:00:05.000Z" });
  });

  it("leaves out endpoints that no call has asked a token for", () => {
    expect(tokenReports([view({ state: "none", keptSinceMs: null, expiresAtMs: null })])).toEqual([]);
  });

  it("says one thing of each endpoint: the newest token, or the newest failure where none has one", () => {
    const [before, after] = [view(), view({ keptSinceMs: 5000 })];
    const sandbox = view({ environment: "sandbox" });
    for (const views of [
      [before, failing(9000), after, sandbox],
      [after, sandbox, failing(9000), before],
    ])
      expect(tokenReports(views).map(({ environment, keptSince }) => [environment, keptSince])).toEqual(
        expect.arrayContaining([
          ["production", "1970-01-01T00:00:05.000Z"],
          ["sandbox", "1970-01-01T00:00:00.000Z"],
        ]),
      );
    expect(mergeTokenReports([...tokenReports([failing(2000)]), ...tokenReports([failing(1000)])])).toMatchObject([
      { lastError: { message: "no 2000" } },
    ]);
  });

  it("stays short, however long a reason is and however many endpoints there are", () => {
    const many = Array.from({ length: 5000 }, (_, index) => view({ apiId: `api_${index}` }));
    expect(tokenReports(many)).toHaveLength(2000);
    const [told] = tokenReports([{ ...failing(0), lastError: { ...failure(0), message: "x".repeat(10_000) } }]);
    expect(told?.lastError?.message).toHaveLength(500);
  });
});

describe("tokens that can't be obtained or renewed", () => {
  const problems = (views: EndpointTokenView[], nowMs = 1000) => failingTokenProblems(failingTokens(tokenReports(views), nowMs));

  it("are one problem for /readyz, also while an older token serves, and it names no host", () => {
    const old = view({ lastError: { kind: "unreachable", message: "https://idp.internal can't be reached", atMs: 900 } });
    expect(problems([old, view({ apiId: "api_2" })])).toEqual([
      { problem: "backend-tokens", message: expect.stringContaining("api_1 production (unreachable);") },
    ]);
    expect(problems([failing(900, 2000)])[0]?.message).not.toContain("no 900");
    expect(problems([old])[0]?.message).not.toContain("idp.internal");
    const many = Array.from({ length: 5 }, (_, index) => ({ ...failing(900), apiId: `api_${index}` }));
    expect(problems(many)[0]?.message).toContain("and 2 more");
  });

  it("are over with the next token, and forgotten when nobody called for ten minutes", () => {
    expect(problems([view()])).toEqual([]);
    expect(problems([failing(0)], 600_000)).toHaveLength(1);
    expect(problems([failing(0)], 600_001)).toEqual([]);
  });
});
