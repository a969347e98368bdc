import { isIP } from "node:net";
import { LRUCache } from "lru-cache";
import { type Counters, counters } from "@/lib/platform/counters";
import { environment } from "@/lib/platform/env";
import { PEER_HEADER } from "@/lib/platform/peer";
import { singleton } from "@/lib/platform/singleton";
import { trustedProxies } from "@/lib/platform/trusted-proxies";

const WINDOW_SECONDS = 15 * 60;
/** How many failures a client may have from one address in the window; from elsewhere a right secret still works. */
const FAILURES_MAX = 10;
const PAIRS_MAX = 50_000;
const CLIENT_ID_KEPT = 256;

/** Slows down guessing of client credentials, by client id and by the true address of the caller. */
export interface ClientThrottle {
  /** The seconds to wait before this client may try again from this address; 0 when it may try now. Answered from memory. */
  waitSeconds(clientId: string, address: string): number;
  /** Counts a failure, which other processes count too. Answers the seconds to wait when there were too many already. */
  failed(clientId: string, address: string): Promise<number>;
  /** Forgets the failures. It costs nothing when there were none here. */
  succeeded(clientId: string, address: string): void;
}

/**
 * A throttle over counters that may be shared by several processes. Only failures are counted there, so that who
 * authenticates rightly waits for nobody; what this process saw of them it remembers.
 */
export function clientThrottle(shared: Counters, now: () => number = Date.now): ClientThrottle {
  /** Until when a pair is refused, in milliseconds; 0 when it has failed and may still try. */
  const failing = new LRUCache<string, number>({ max: PAIRS_MAX });
  const keyOf = (clientId: string, address: string) => `client:${clientId.slice(0, CLIENT_ID_KEPT)}|${address}`;
  return {
    waitSeconds(clientId, address) {
      const refusedUntil = failing.get(keyOf(clientId, address)) ?? 0;
      return Math.max(0, Math.ceil((refusedUntil - now()) / 1000));
    },
    async failed(clientId, address) {
      const key = keyOf(clientId, address);
      const { count, endsInMs } = await shared.add(key, WINDOW_SECONDS, 1);
      failing.set(key, count >= FAILURES_MAX ? now() + endsInMs : 0);
      // Many tries at once are all looked at before the first has failed: those beyond the limit are not told how it went.
      return count > FAILURES_MAX ? Math.max(1, Math.ceil(endsInMs / 1000)) : 0;
    },
    succeeded(clientId, address) {
      const key = keyOf(clientId, address);
      if (!failing.delete(key)) return;
      shared.clear(key).catch(() => undefined);
    },
  };
}

/** This process's throttle of its authorization servers' clients. */
export const throttle = (): ClientThrottle => singleton("client-throttle", () => clientThrottle(counters()));

const trusts = () => singleton("client-throttle-proxies", () => trustedProxies(environment().trustedProxies));

/** An address as proxies write it into `X-Forwarded-For`, without the port that some add; null when it is none. */
function forwardedAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}

/**
 * Where a request comes from: the peer's true address, or behind proxies that are trusted (`GATEWRIGHT_TRUSTED_PROXIES`) the
 * last one that they name and that is not one of them. What stands before it was written by the caller.
 */
export function callerAddress(headers: Headers, isTrusted: (address: string) => boolean = trusts()): string {
  const peer = headers.get(PEER_HEADER) ?? "unknown";
  if (!isTrusted(peer)) return peer;
  const named = (headers.get("x-forwarded-for") ?? "").split(",").map((text) => forwardedAddress(text.trim()));
  const last = named.findLast((address) => address === null || !isTrusted(address));
  return last ?? peer;
}
