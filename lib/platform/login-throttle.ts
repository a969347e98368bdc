import { clientNetwork } from "@/lib/client-address/client-address";
import type { Counters, TryLimit } from "./try-limits";

const WINDOW_SECONDS = 15 * 60;

/**
 * How many wrong passwords each key may have in 15 minutes. One person at one address gets ten. An address gets more,
 * because many people share one; an account gets the most, so that a stranger can't lock its owner out from one address.
 */
const LIMITS = { accountAtAddress: 10, address: 30, account: 100, device: 10 } as const;

/** Who signs in, and from where. */
export interface LoginTry {
  /** The email address that was typed. */
  email: string;
  /** Whether there is such an account. Names that anyone can make up have counters of their own. */
  isKnown: boolean;
  /** The client's address, behind trusted proxies the one that they name. */
  address: string;
  /** The id of this browser, when it has signed in to this account before. */
  device: string | null;
}

/** Slows down guessing of passwords, by account, by the client's network, and by browser. */
export interface LoginThrottle {
  /**
   * Takes one try, before the password is checked, so that many tries at once don't slip through together. A rejected try
   * counts nowhere.
   * @returns the seconds to wait, or 0 when this try is admitted
   */
  take(by: LoginTry): Promise<number>;
  /** Gives the try back, because the password was right. What others at this address did wrong stays counted. */
  succeeded(by: LoginTry): Promise<void>;
}

const limit = (pool: string, key: string, max: number): TryLimit => ({ pool, key, max, windowSeconds: WINDOW_SECONDS });

/**
 * A browser that has signed in before has only its own allowance (OWASP device cookies): nobody else's tries lock it out. For
 * others the network comes first, so once it is used up, made-up names create no counters. Names without an account have the
 * same limits in other pools: the answers don't tell which accounts exist, and no flood of names drops an account's counter.
 */
function limitsOf({ email, isKnown, address, device }: LoginTry): { own: TryLimit; wider: TryLimit[] } {
  if (device !== null) return { own: limit("login-device", device, LIMITS.device), wider: [] };
  const name = email.trim().toLowerCase();
  const network = clientNetwork(address);
  const kind = isKnown ? "login" : "login-unknown";
  return {
    own: limit(`${kind}-both`, `${name}|${network}`, LIMITS.accountAtAddress),
    wider: [limit("login-address", network, LIMITS.address), limit(`${kind}-account`, name, LIMITS.account)],
  };
}

/** A throttle over counters that several processes may share. */
export function loginThrottle(counters: Counters): LoginThrottle {
  return {
    async take(by) {
      const { own, wider } = limitsOf(by);
      const [network, ...rest] = wider;
      return Math.ceil((await counters.take(network ? [network, own, ...rest] : [own])) / 1000);
    },
    async succeeded(by) {
      const { own, wider } = limitsOf(by);
      if (wider.length > 0) await counters.giveBack(wider);
      await counters.clear([own]);
    },
  };
}
