import { describe, expect, it } from "vitest";
import { secretLife, workingSecrets } from "./secret-life";

const now = Date.parse("2026-11-21T08:00:00Z");
const secret = (expiresAt: string | null) => ({ id: "s", hint: "abcd", createdAt: "2026-01-01T00:00:00Z", lastUsedAt: null, expiresAt });

describe("how long a secret is still taken", () => {
  it.each([
    [null, "lasting", "Never"],
    ["2027-11-21T08:00:00Z", "lasting", "in 365 days"],
    ["2026-11-23T09:00:00Z", "soon", "in 2 days"],
    ["2026-11-22T09:00:00Z", "soon", "in 1 day"],
    ["2026-11-21T11:30:00Z", "soon", "in 3 h"],
    ["2026-11-21T08:00:01Z", "soon", "in less than an hour"],
    ["2026-11-21T08:00:00Z", "expired", "Expired"],
  ] as const)("is said for %s", (expiresAt, state, words) => {
    expect(secretLife(secret(expiresAt), now)).toEqual({ state, words });
  });

  it("leaves out the expired ones where secrets are counted", () => {
    const lasting = secret(null);
    expect(workingSecrets([lasting, secret("2026-11-20T00:00:00Z")], now)).toEqual([lasting]);
  });
});
