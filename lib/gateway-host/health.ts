import { type FailingToken, failingTokenProblems } from "@/lib/gateway/telemetry/token-report";
import type { Problem } from "@/lib/platform/problems";
import type { Taken } from "./assignment";
import type { Unread } from "./reading";

/** A gateway's health. */
export interface Health {
  /** Requests can be sent here. */
  ready: boolean;
  /** The process is about to end. */
  draining: boolean;
  /** What is wrong while it serves, in sentences that name no host. */
  degraded: readonly string[];
  /** Whether its dependencies are reachable. Those that it doesn't use, or hasn't tried yet, are absent. */
  dependencies: Readonly<Partial<Record<"postgres" | "redis", boolean>>>;
  /** The kinds of problems in `degraded`, for the metrics. */
  problems: readonly Problem["problem"][];
}

export const STARTING: Health = { ready: false, draining: false, degraded: [], dependencies: {}, problems: [] };

/** What a gateway's health depends on. */
export interface HealthFacts {
  /** It loaded an assignment. */
  loaded: boolean;
  draining: boolean;
  /** A read of the database succeeded. */
  answered: boolean;
  unread: Unread | null;
  /** Null without Redis, or before its state is known. */
  redisReachable: boolean | null;
  /** False when backend tokens aren't shared though Redis is configured. */
  sharing: boolean;
  failing: readonly FailingToken[];
  taken: Taken;
  workers: number;
  /** Whether requests should go to other gateways when no deployment loads. */
  failsOver: boolean;
  /** Problems that others detected. */
  others: readonly Problem[];
}

const REDIS_UNREACHABLE =
  "Redis is unreachable: deployments are polled; backend tokens, counters, and DPoP replay data aren't shared with other gateways.";
const TOKENS_NOT_SHARED = "Backend tokens aren't shared with other gateways. The log has the reason.";

const unreadMessage = ({ isUnreachable, since }: Unread): string =>
  isUnreachable
    ? `Postgres is unreachable since ${since}: no new deployments arrive.`
    : `Deployments can't be read since ${since}: no new deployments arrive. The log has the reason.`;

function problemsOf({ unread, redisReachable, sharing, failing, taken, workers, others }: HealthFacts): Problem[] {
  const problems: Problem[] = [];
  if (unread) problems.push({ problem: "postgres", message: unreadMessage(unread) });
  if (redisReachable === false) problems.push({ problem: "redis", message: REDIS_UNREACHABLE });
  else if (!sharing) problems.push({ problem: "token-sharing", message: TOKENS_NOT_SHARED });
  problems.push(...failingTokenProblems(failing));
  if (taken.serving < workers) problems.push({ problem: "workers", message: `${taken.serving} of ${workers} workers serve.` });
  problems.push(...others);
  for (const { apiId, number } of taken.problems)
    problems.push({ problem: "deployments", message: `Deployment ${number} of ${apiId} didn't load. The log has the reason.` });
  return problems;
}

/** Derives a gateway's health. */
export function healthOf(facts: HealthFacts): Health {
  const { loaded, draining, answered, unread, redisReachable, taken, failsOver } = facts;
  const problems = problemsOf(facts);
  // Without any deployment, as with another console's secret key, requests are better off elsewhere.
  const servesNothing = failsOver && taken.deployments.length === 0 && taken.problems.length > 0;
  return {
    ready: loaded && !servesNothing,
    draining,
    degraded: [...new Set(problems.map(({ message }) => message))],
    dependencies: { postgres: answered && unread === null, ...(redisReachable === null ? {} : { redis: redisReachable }) },
    problems: [...new Set(problems.map(({ problem }) => problem))],
  };
}

/** The response of `/readyz`: 200 while requests can be sent here. `degraded` is for operators. */
export function readiness(
  { ready, draining, degraded }: Health,
  isOperator: boolean,
): { status: number; body: { status: string; degraded?: readonly string[] } } {
  const status = draining ? "draining" : ready ? "ready" : "starting";
  return { status: ready && !draining ? 200 : 503, body: { status, ...(isOperator ? { degraded } : {}) } };
}

/** The body of the 503 response to requests before the first deployments are loaded. Send it with `Retry-After: 1`. */
export const STARTING_BODY = { message: "The gateway has no deployments yet", http_status_code: 503, error: "GATEWAY_STARTING" } as const;
