import type { Counters } from "./counters";

const WINDOW_SECONDS = 15 * 60;

/**
 * How many failures each key may have in a quarter of an hour. One person at one address gets ten tries.
 * An address gets more, because many people share one; an account gets the most, so that a stranger
 * cannot lock its owner out by failing ten times from elsewhere.
 */
const LIMITS = { accountAtAddress: 10, address: 30, account: 100 } as const;

/** Slows down guessing of passwords, by account and by the true address of the peer. */
export interface LoginThrottle {
  /** Seconds to wait, or 0 when a try is allowed. */
  waitSeconds(account: string, address: string): Promise<number>;
  failed(account: string, address: string): Promise<void>;
  succeeded(account: string, address: string): Promise<void>;
}

function keysOf(account: string, address: string): [string, number][] {
  const name = account.trim().toLowerCase();
  return [
    [`login:both:${name}|${address}`, LIMITS.accountAtAddress],
    [`login:address:${address}`, LIMITS.address],
    [`login:account:${name}`, LIMITS.account],
  ];
}

/** A throttle over counters that may be shared by several processes. */
export function loginThrottle(counters: Counters): LoginThrottle {
  return {
    async waitSeconds(account, address) {
      let waitMs = 0;
      for (const [key, limit] of keysOf(account, address)) {
        const { count, endsInMs } = await counters.read(key);
        if (count >= limit) waitMs = Math.max(waitMs, endsInMs);
      }
      return Math.ceil(waitMs / 1000);
    },
    async failed(account, address) {
      for (const [key] of keysOf(account, address)) await counters.add(key, WINDOW_SECONDS);
    },
    async succeeded(account, address) {
      const [both] = keysOf(account, address);
      if (both) await counters.clear(both[0]);
    },
  };
}
