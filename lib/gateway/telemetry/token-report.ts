import type { EndpointTokenView } from "../upstream/endpoint-tokens";

/** Reported state of an endpoint's cached token. Times are ISO 8601 in UTC. */
export interface EndpointTokenReport extends Pick<EndpointTokenView, "apiId" | "environment" | "scope" | "hasRefreshToken"> {
  /** `backingOff`: failed, with no token request before `retryAt`. */
  state: "none" | "kept" | "failing" | "backingOff";
  keptSince: string | null;
  expiresAt: string | null;
  lastRenewalAt: string | null;
  lastError: { at: string; kind: string; message: string } | null;
  retryAt: string | null;
}

/** Maximum number of reported tokens: the report is stored as a whole. */
const REPORTED_MAX = 2000;
const MESSAGE_MAX = 500;

const timeOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function reportOf(view: EndpointTokenView): EndpointTokenReport {
  const { apiId, environment, scope, hasRefreshToken, lastError, retryAtMs } = view;
  return {
    apiId,
    environment,
    state: view.state === "failing" && retryAtMs !== null ? "backingOff" : view.state,
    keptSince: timeOf(view.keptSinceMs),
    expiresAt: timeOf(view.expiresAtMs),
    lastRenewalAt: timeOf(view.lastRenewalAtMs),
    lastError: lastError && {
      at: new Date(lastError.atMs).toISOString(),
      kind: lastError.kind,
      message: lastError.message.slice(0, MESSAGE_MAX),
    },
    retryAt: timeOf(retryAtMs),
    scope,
    hasRefreshToken,
  };
}

const RANK = { none: 0, failing: 1, backingOff: 1, kept: 2 } as const;

/** Of two reports of an endpoint, prefers a cached token, then the newer token, then the last failure. */
function isRather(one: EndpointTokenReport, other: EndpointTokenReport): boolean {
  if (RANK[one.state] !== RANK[other.state]) return RANK[one.state] > RANK[other.state];
  const newest = ({ keptSince, lastError }: EndpointTokenReport) => keptSince ?? lastError?.at ?? "";
  return newest(one) > newest(other);
}

/** Merges reports to one per endpoint: processes, or successive deployments, can each have a token. */
export function mergeTokenReports(reports: Iterable<EndpointTokenReport>): EndpointTokenReport[] {
  const byEndpoint = new Map<string, EndpointTokenReport>();
  for (const report of reports) {
    const key = `${report.apiId}:${report.environment}`;
    const former = byEndpoint.get(key);
    if (!former || isRather(report, former)) byEndpoint.set(key, report);
  }
  return [...byEndpoint.values()].slice(0, REPORTED_MAX);
}

/** Reports the cached tokens, without endpoints that never needed one. */
export const tokenReports = (views: readonly EndpointTokenView[]): EndpointTokenReport[] =>
  mergeTokenReports(views.map(reportOf)).filter(({ state }) => state !== "none");

/** An endpoint whose last token request failed. */
export interface FailingToken extends Pick<EndpointTokenReport, "apiId" | "environment"> {
  kind: string;
  /** Reason for the log. It can name hosts. */
  reason: string;
}

/** Without requests, no token is renewed, so older failures say nothing about the present. */
const FAILURE_TTL_MS = 600_000;
const NAMED_MAX = 3;

/** Returns the endpoints whose token can't be obtained or renewed, even if an older token is still valid. */
export const failingTokens = (reports: readonly EndpointTokenReport[], nowMs: number): FailingToken[] =>
  reports.flatMap(({ apiId, environment, lastError }) =>
    lastError === null || nowMs - Date.parse(lastError.at) > FAILURE_TTL_MS
      ? []
      : [{ apiId, environment, kind: lastError.kind, reason: lastError.message }],
  );

/** Key of a failing token, and log messages for the start and end of a failure. */
export const failingTokenKey = ({ apiId, environment }: FailingToken) => `${apiId} ${environment}`;
export const TOKEN_FAILS = "a backend token can't be obtained or renewed";
export const TOKEN_WORKS = "the backend token is obtained again";

/** Makes the problem for `/readyz`, without hosts. */
export function failingTokenProblems(failing: readonly FailingToken[]): { problem: "backend-tokens"; message: string }[] {
  if (failing.length === 0) return [];
  const named = failing.slice(0, NAMED_MAX).map(({ apiId, environment, kind }) => `${apiId} ${environment} (${kind})`);
  const more = failing.length > NAMED_MAX ? ` and ${failing.length - NAMED_MAX} more` : "";
  const message = `The gateway can't get or renew the backend token of ${named.join(", ")}${more}; see the log.`;
  return [{ problem: "backend-tokens", message }];
}
