import { type FailingToken, failingTokenKey, failingTokens, TOKEN_FAILS, TOKEN_WORKS } from "@/lib/gateway/telemetry/token-report";
import { failureLog } from "@/lib/platform/problems";
import type { TokenState } from "./token-state";

const OBSERVE_MS = 2000;

/** Watches a gateway's backend tokens. */
export interface TokenWatch {
  /** Looks at most every 2 s, and logs tokens that start or stop failing. */
  look(): Promise<void>;
  state(): TokenState;
  /** The tokens that can't be obtained or renewed now. */
  failing(): readonly FailingToken[];
}

/** @param onChange called when the state changed */
export function createTokenWatch(read: () => Promise<TokenState>, onChange: () => void): TokenWatch {
  let observedAt = Number.NEGATIVE_INFINITY;
  let state: TokenState = { endpointTokens: [], sharing: true };
  const logFailing = failureLog(failingTokenKey, TOKEN_FAILS, TOKEN_WORKS);
  const failing = () => failingTokens(state.endpointTokens, Date.now());
  return {
    async look() {
      if (performance.now() - observedAt < OBSERVE_MS) return;
      observedAt = performance.now();
      const next = await read();
      if (JSON.stringify(next) !== JSON.stringify(state)) onChange();
      state = next;
      logFailing(failing());
    },
    state: () => state,
    failing,
  };
}
