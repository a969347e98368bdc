import type { Exchange } from "../exchange";
import type { PolicyContext } from "./contract";
import { localCounters } from "./local-counters";

/** Creates a policy context for tests; `changes` override its defaults. */
export function testContext(changes: Partial<PolicyContext> = {}): PolicyContext {
  const now = changes.now ?? Date.now;
  return {
    apiId: "api_1",
    contextPath: "/",
    secret: () => undefined,
    now,
    counters: { local: localCounters(now), shared: null },
    fetch: async () => {
      throw new Error("This test sends no requests.");
    },
    tokenChecker: () => undefined,
    challenge: (scheme) => scheme,
    keyProblem: async () => null,
    ...changes,
  };
}

/** Creates an exchange for policy tests; `changes` override its defaults. */
export function testExchange(changes: Partial<Exchange> = {}): Exchange {
  return {
    requestId: "r1",
    method: "GET",
    path: "/",
    authorization: null,
    callerHeaders: [],
    targetPath: "/",
    query: "",
    peerAddress: "192.0.2.1",
    clientAddress: "192.0.2.1",
    requiredScopes: () => [],
    tokenChecks: null,
    requestHeaders: [],
    identity: null,
    payload: null,
    explain: undefined,
    ...changes,
  };
}
