import { formatCountdown } from "@/components/ui/clock";
import type { EndpointTokenView } from "@/lib/management/contract/endpoints";

/** How long a kept token still serves: "in 4:05", or that it expired. */
export function expiryWords(expiresAt: string, nowMs: number): string {
  const leftMs = new Date(expiresAt).getTime() - nowMs;
  return leftMs > 0 ? `in ${formatCountdown(leftMs / 1000)}` : "Expired";
}

/** What a gateway does about a token now, as a state: its meaning and its word. */
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
        : { meaning: "guarded", word: "Kept" };
    case "failing":
      return { meaning: "failing", word: "Failing" };
    case "backingOff": {
      const waitMs = token.retryAt === null ? 0 : new Date(token.retryAt).getTime() - nowMs;
      return {
        meaning: "failing",
        word: waitMs > 0 ? `Failing, asks again in ${formatCountdown(waitMs / 1000)}` : "Failing, asks again with the next call",
      };
    }
  }
}
