import { describe, expect, it } from "vitest";
import type { EndpointTokenView } from "./endpoint-tokens";
import { mergeTokenReports, tokenReports } from "./token-report";

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
