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
  /**
   * Takes one try, before the password is looked at, so that many tries at once do not slip through together.
   * Answers the seconds to wait, or 0 when this try is allowed.
   */
  take(account: string, address: string): Promise<number>;
  /** Gives the try back, because the password was right. */
  succeeded(account: string, address: string): Promise<void>;
}

function keysOf(account: string, address: string): { key: string; limit: number }[] {
  const name = account.trim().toLowerCase();
  return [
    { key: `login:both:${name}|${address}`, limit: LIMITS.accountAtAddress },
    { key: `login:address:${address}`, limit: LIMITS.address },
    { key: `login:account:${name}`, limit: LIMITS.account },
  ];
}

/** A throttle over counters that may be shared by several processes. */
export function loginThrottle(counters: Counters): LoginThrottle {
  return {
    async take(account, address) {
      let waitMs = 0;
      for (const { key, limit } of keysOf(account, address)) {
        const { count, endsInMs } = await counters.add(key, WINDOW_SECONDS, 1);
        if (count > limit) waitMs = Math.max(waitMs, endsInMs);
      }
      return Math.ceil(waitMs / 1000);
    },
    async succeeded(account, address) {
      const [both, ...wider] = keysOf(account, address);
      if (both) await counters.clear(both.key);
      for (const { key } of wider) await counters.add(key, WINDOW_SECONDS, -1);
    },
  };
}
