import { expect, test } from "vitest";
import type { EndpointTokenReport } from "@/lib/gateway/telemetry/token-report";
import { mergeTokenStates } from "./token-state";

const report = (state: EndpointTokenReport["state"], keptSince: string | null): EndpointTokenReport => ({
  apiId: "api_1",
  environment: "production",
  state,
  keptSince,
  expiresAt: null,
  lastRenewalAt: keptSince,
  lastError: null,
  retryAt: null,
  scope: null,
  hasRefreshToken: false,
});

test("of several processes the one that has the newer token speaks for an endpoint, and tokens are shared when all share them", () => {
  const [older, newer, failing] = [
    report("kept", "2026-11-21T09:00:00.000Z"),
    report("kept", "2026-11-21T09:10:00.000Z"),
    report("failing", null),
  ];
  const merged = mergeTokenStates([
    { endpointTokens: [older], sharing: true },
    { endpointTokens: [newer], sharing: true },
    { endpointTokens: [failing], sharing: false },
  ]);
  expect(merged).toEqual({ endpointTokens: [newer], sharing: false });
  expect(mergeTokenStates([])).toEqual({ endpointTokens: [], sharing: true });
});
