import type { Counters, TryLimit } from "./try-limits";

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

/** The address comes first: made-up accounts create no counters once it's used up. */
function limitsOf(account: string, address: string): TryLimit[] {
  const name = account.trim().toLowerCase();
  return [
    { pool: "login-address", key: address, max: LIMITS.address, windowSeconds: WINDOW_SECONDS },
    { pool: "login-both", key: `${name}|${address}`, max: LIMITS.accountAtAddress, windowSeconds: WINDOW_SECONDS },
    { pool: "login-account", key: name, max: LIMITS.account, windowSeconds: WINDOW_SECONDS },
  ];
}

/** A throttle over counters that may be shared by several processes. */
export function loginThrottle(counters: Counters): LoginThrottle {
  return {
    async take(account, address) {
      return Math.ceil((await counters.take(limitsOf(account, address))) / 1000);
    },
    async succeeded(account, address) {
      const limits = limitsOf(account, address);
      await counters.giveBack(limits);
      await counters.clear(limits.filter(({ pool }) => pool === "login-both"));
    },
  };
}
