import { clientNetwork } from "@/lib/client-address/client-address";
import type { Counters, TryLimit } from "./try-limits";

const WINDOW_SECONDS = 15 * 60;

/**
 * Wrong passwords per key in 15 minutes. Many people share an address, so it gets more than one account at one address; an account
 * gets the most, so one address can't lock it out.
 */
const LIMITS = { accountAtAddress: 10, address: 30, account: 100, device: 10 } as const;

/** A sign-in attempt. */
export interface LoginTry {
  /** The entered email address. */
  email: string;
  /** Whether the account exists. Unknown names have separate counters. */
  isKnown: boolean;
  /** The client's address; see `clientAddress`. */
  address: string;
  /** The browser's device ID, if it has signed in to this account before. */
  device: string | null;
}

/** Limits password guesses by account, network and browser. */
export interface LoginThrottle {
  /**
   * Counts an attempt before the password check, so concurrent attempts can't exceed the limit. Rejected attempts aren't counted.
   * @returns the seconds to wait; 0 when the attempt is allowed
   */
  take(by: LoginTry): Promise<number>;
  /** Uncounts a successful attempt. Failures of others at this address stay counted. */
  succeeded(by: LoginTry): Promise<void>;
}

const limit = (pool: string, key: string, max: number): TryLimit => ({ pool, key, max, windowSeconds: WINDOW_SECONDS });

/**
 * A known browser has only its own limit (OWASP device cookies), so others can't lock it out. Otherwise the network's limit comes
 * first, so unknown names create no counters beyond it; they have the same limits in separate pools, so neither responses nor
 * evictions depend on them.
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

/** Creates a throttle over counters that processes can share. */
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
