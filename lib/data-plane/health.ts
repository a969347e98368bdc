import type { Problem } from "@/lib/platform/problems";

/** How a gateway is. */
export interface Health {
  /** It has had its first assignment. */
  ready: boolean;
  /** It is about to end. */
  draining: boolean;
  /** What is not as it should be while it serves all the same, in sentences that name no host. */
  degraded: readonly string[];
  /** Whether it reaches what it depends on; what it does not use is left out. */
  dependencies: Readonly<Partial<Record<"postgres" | "redis", boolean>>>;
  /** What `degraded` is about, for the metrics. */
  problems: readonly Problem["problem"][];
}

export const STARTING: Health = { ready: false, draining: false, degraded: [], dependencies: {}, problems: [] };

/** What `/readyz` says: 200 while calls may be sent here. Why it is degraded is for operators. */
export function readiness(
  { ready, draining, degraded }: Health,
  isOperator: boolean,
): { status: number; body: { status: string; degraded?: readonly string[] } } {
  const status = draining ? "draining" : ready ? "ready" : "starting";
  return { status: ready && !draining ? 200 : 503, body: { status, ...(isOperator ? { degraded } : {}) } };
}
