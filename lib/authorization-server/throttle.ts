import { LRUCache } from "lru-cache";
import { clientNetwork } from "@/lib/client-address/client-address";
import { counters } from "@/lib/platform/counters";
import { singleton } from "@/lib/platform/singleton";
import type { Counters, TryLimit } from "@/lib/platform/try-limits";

const WINDOW_SECONDS = 15 * 60;
/** Failures per client and network in a window. A correct secret still works from other networks. */
const FAILURES_MAX = 10;
/** Unknown client IDs per network in a window. More than `FAILURES_MAX`, because many clients share a network. */
const UNKNOWN_MAX = 30;
const KEYS_MAX = 50_000;

/** An authentication attempt. */
export interface ClientTry {
  clientId: string;
  /** Whether the application exists. Unknown client IDs are counted by address only. */
  isKnown: boolean;
  address: string;
}

/** Limits guesses of client credentials by client ID and network. */
export interface ClientThrottle {
  /** Returns the seconds until the next attempt is allowed; 0: now. Reads memory only. */
  waitSeconds(by: ClientTry): number;
  /** Counts a failure across all processes. Returns the seconds to wait when the limit was already reached. */
  failed(by: ClientTry): Promise<number>;
  /** Resets the failures of this client from this address. Free when this process saw none. */
  succeeded(by: ClientTry): void;
}

function limitOf({ clientId, isKnown, address }: ClientTry): TryLimit {
  const network = clientNetwork(address);
  return isKnown
    ? { pool: "client", key: `${clientId}|${network}`, max: FAILURES_MAX, windowSeconds: WINDOW_SECONDS }
    : { pool: "unknown-client", key: network, max: UNKNOWN_MAX, windowSeconds: WINDOW_SECONDS };
}

/**
 * A throttle over counters that processes can share. It counts failures only, so a successful authentication makes no shared call.
 * Known and unknown clients have separate caches, so unknown ones can't evict known ones.
 */
export function clientThrottle(shared: Counters, now: () => number = Date.now): ClientThrottle {
  /** The end of a key's rejection, in epoch milliseconds; 0: it failed but may retry. */
  const memory = () => new LRUCache<string, number>({ max: KEYS_MAX });
  const failing = { known: memory(), unknown: memory() };
  const failingOf = ({ isKnown }: ClientTry) => (isKnown ? failing.known : failing.unknown);
  return {
    waitSeconds(by) {
      const rejectedUntil = failingOf(by).get(limitOf(by).key) ?? 0;
      return Math.max(0, Math.ceil((rejectedUntil - now()) / 1000));
    },
    async failed(by) {
      const limit = limitOf(by);
      const rejectedMs = await shared.take([limit]);
      const waitMs = rejectedMs > 0 ? rejectedMs : await shared.check([limit]);
      failingOf(by).set(limit.key, waitMs > 0 ? now() + waitMs : 0);
      // Concurrent attempts pass `waitSeconds` together; those above the limit don't learn their result.
      return Math.ceil(rejectedMs / 1000);
    },
    succeeded(by) {
      const limit = limitOf(by);
      if (!by.isKnown || !failing.known.delete(limit.key)) return;
      shared.clear([limit]).catch(() => undefined);
    },
  };
}

/** This process's client throttle. */
export const throttle = (): ClientThrottle => singleton("client-throttle", () => clientThrottle(counters()));
