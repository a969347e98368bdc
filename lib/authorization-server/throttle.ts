import { LRUCache } from "lru-cache";
import { clientNetwork } from "@/lib/client-address/client-address";
import { counters } from "@/lib/platform/counters";
import { singleton } from "@/lib/platform/singleton";
import type { Counters, TryLimit } from "@/lib/platform/try-limits";

const WINDOW_SECONDS = 15 * 60;
/** How often a client may fail from one network in the window; from elsewhere a correct secret still works. */
const FAILURES_MAX = 10;
/** How often a network may use client IDs that don't exist. Many people share a network, and such an ID guesses nothing. */
const UNKNOWN_MAX = 30;
const KEYS_MAX = 50_000;

/** Who authenticates, and from where. */
export interface ClientTry {
  clientId: string;
  /** Whether there is such an application. Client IDs that anyone can make up are counted by the address alone. */
  isKnown: boolean;
  address: string;
}

/** Slows down guessing of client credentials, by client ID and by the network of the client's address. */
export interface ClientThrottle {
  /** Returns the seconds before this client may try again from this address; 0 when it may try now. Answered from memory. */
  waitSeconds(by: ClientTry): number;
  /** Counts a failure, which other processes count too. Returns the seconds to wait when there were too many already. */
  failed(by: ClientTry): Promise<number>;
  /** Clears the failures of this client from this address. It costs nothing when there were none here. */
  succeeded(by: ClientTry): void;
}

function limitOf({ clientId, isKnown, address }: ClientTry): TryLimit {
  const network = clientNetwork(address);
  return isKnown
    ? { pool: "client", key: `${clientId}|${network}`, max: FAILURES_MAX, windowSeconds: WINDOW_SECONDS }
    : { pool: "unknown-client", key: network, max: UNKNOWN_MAX, windowSeconds: WINDOW_SECONDS };
}

/**
 * A throttle over counters that several processes may share. Only failures are counted there, so a client that authenticates
 * waits for nobody; this process remembers what it saw of them, of known and of unknown clients in separate memories.
 */
export function clientThrottle(shared: Counters, now: () => number = Date.now): ClientThrottle {
  /** Until when a key is rejected, in milliseconds; 0 when it has failed and may still try. */
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
      // Tries at once are all looked at before the first has failed: those beyond the limit aren't told how they went.
      return Math.ceil(rejectedMs / 1000);
    },
    succeeded(by) {
      const limit = limitOf(by);
      if (!by.isKnown || !failing.known.delete(limit.key)) return;
      shared.clear([limit]).catch(() => undefined);
    },
  };
}

/** This process's throttle of its authorization servers' clients. */
export const throttle = (): ClientThrottle => singleton("client-throttle", () => clientThrottle(counters()));
