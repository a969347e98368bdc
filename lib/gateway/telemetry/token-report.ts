import type { EndpointTokenView } from "../upstream/endpoint-tokens";

/** What a gateway says of the token that it keeps for one endpoint, to people and machines elsewhere. Times are ISO 8601 in UTC. */
export interface EndpointTokenReport extends Pick<EndpointTokenView, "apiId" | "environment" | "scope" | "hasRefreshToken"> {
  /** `backingOff`: it failed, and nothing is asked for before `retryAt`. */
  state: "none" | "kept" | "failing" | "backingOff";
  keptSince: string | null;
  expiresAt: string | null;
  lastRenewalAt: string | null;
  lastError: { at: string; kind: string; message: string } | null;
  retryAt: string | null;
}

/** A gateway says no more than this: its report is written to the database as a whole. */
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

/** Of two that speak of one endpoint the one that has a token; of two with a token the newer; otherwise who failed last. */
function isRather(one: EndpointTokenReport, other: EndpointTokenReport): boolean {
  if (RANK[one.state] !== RANK[other.state]) return RANK[one.state] > RANK[other.state];
  const newest = ({ keptSince, lastError }: EndpointTokenReport) => keptSince ?? lastError?.at ?? "";
  return newest(one) > newest(other);
}

/** One report for each endpoint: several processes of a gateway, or a deployment and its successor, may each have a token. */
export function mergeTokenReports(reports: Iterable<EndpointTokenReport>): EndpointTokenReport[] {
  const byEndpoint = new Map<string, EndpointTokenReport>();
  for (const report of reports) {
    const key = `${report.apiId}:${report.environment}`;
    const former = byEndpoint.get(key);
    if (!former || isRather(report, former)) byEndpoint.set(key, report);
  }
  return [...byEndpoint.values()].slice(0, REPORTED_MAX);
}

/** What a gateway reports of the tokens that it keeps; nothing where no call has asked for one. */
export const tokenReports = (views: readonly EndpointTokenView[]): EndpointTokenReport[] =>
  mergeTokenReports(views.map(reportOf)).filter(({ state }) => state !== "none");

/** An endpoint whose last request for a token failed. */
export interface FailingToken extends Pick<EndpointTokenReport, "apiId" | "environment"> {
  kind: string;
  /** Why, for the log: it may name hosts. */
  reason: string;
}

/** Nothing runs without requests: of an endpoint that nobody has called for longer than this, nothing is known any more. */
const FAILURE_TTL_MS = 600_000;
const NAMED_MAX = 3;

/** The endpoints whose token can't be obtained or renewed, also while an older token still serves. */
export const failingTokens = (reports: readonly EndpointTokenReport[], nowMs: number): FailingToken[] =>
  reports.flatMap(({ apiId, environment, lastError }) =>
    lastError === null || nowMs - Date.parse(lastError.at) > FAILURE_TTL_MS
      ? []
      : [{ apiId, environment, kind: lastError.kind, reason: lastError.message }],
  );

/** By what failing tokens are told apart, and what the log says of one when it begins to fail and when it works again. */
export const failingTokenKey = ({ apiId, environment }: FailingToken) => `${apiId} ${environment}`;
export const TOKEN_FAILS = "a backend token can't be obtained or renewed";
export const TOKEN_WORKS = "the backend token is obtained again";

/** The same as a problem for `/readyz`: it names no host. */
export function failingTokenProblems(failing: readonly FailingToken[]): { problem: "backend-tokens"; message: string }[] {
  if (failing.length === 0) return [];
  const named = failing.slice(0, NAMED_MAX).map(({ apiId, environment, kind }) => `${apiId} ${environment} (${kind})`);
  const more = failing.length > NAMED_MAX ? ` and ${failing.length - NAMED_MAX} more` : "";
  const message = `The gateway can't get or renew the backend token of ${named.join(", ")}${more}; the log says why.`;
  return [{ problem: "backend-tokens", message }];
}
