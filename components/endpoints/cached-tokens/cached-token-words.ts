import { formatCountdown } from "@/components/ui/clock";
import type { EndpointTokenView } from "@/lib/management/contract/endpoints";

/** Formats a cached token's remaining lifetime: "in 4:05" or "Expired". */
export function expiryWords(expiresAt: string, nowMs: number): string {
  const leftMs = new Date(expiresAt).getTime() - nowMs;
  return leftMs > 0 ? `in ${formatCountdown(leftMs / 1000)}` : "Expired";
}

/** Returns the state of a gateway's backend token: its meaning and its label. */
export function tokenState(
  token: Pick<EndpointTokenView, "state" | "expiresAt" | "retryAt">,
  nowMs: number,
): { meaning: "guarded" | "failing" | "neutral"; word: string } {
  switch (token.state) {
    case "none":
      return { meaning: "neutral", word: "No token yet" };
    case "kept":
      return token.expiresAt !== null && new Date(token.expiresAt).getTime() <= nowMs
        ? { meaning: "neutral", word: "Expired" }
        : { meaning: "guarded", word: "Cached" };
    case "failing":
      return { meaning: "failing", word: "Failing" };
    case "backingOff": {
      const waitMs = token.retryAt === null ? 0 : new Date(token.retryAt).getTime() - nowMs;
      return {
        meaning: "failing",
        word: waitMs > 0 ? `Failing, retries in ${formatCountdown(waitMs / 1000)}` : "Failing, retries with the next request",
      };
    }
  }
}
