import { setImmediate } from "node:timers/promises";
import { AggregatorRegistry, collectDefaultMetrics, type PrometheusContentType, Registry } from "prom-client";
import type { AccessRecord, StepRun } from "../ports";
import type { ApiTotals } from "./metrics/api-totals";
import { type Family, histogramSamples, type Labels, register, type Sample } from "./metrics/exposition";
import type { StepTotals } from "./metrics/step-totals";
import { Totals } from "./metrics/totals";

/** Metrics of one process, serializable for aggregation. */
export type MetricsSnapshot = object[];

/** Health of a gateway, for its metrics. */
export interface MetricsState {
  ready: boolean;
  /** It serves, but has problems. */
  degraded: boolean;
  /** Reachability of its dependencies, by name, without unused ones. */
  dependencies: Readonly<Partial<Record<"postgres" | "redis", boolean>>>;
  /** Current problems, one word each. */
  problems?: readonly string[];
}

/** Metrics of one gateway process. */
export interface GatewayMetrics {
  /** Counts a request, in less than a microsecond. Never throws. */
  observe(record: AccessRecord, steps: readonly StepRun[]): void;
  /** Sets the served deployments. */
  setDeployments(running: readonly { apiId: string; deploymentNumber: number }[]): void;
  setState(state: MetricsState): void;
  /** Returns the metrics for `aggregateMetrics`, if several processes form one gateway. */
  snapshot(): Promise<MetricsSnapshot>;
  /** Returns the Prometheus text format. */
  text(): Promise<string>;
}

/** Media type of the text format (Prometheus exposition format 0.0.4). */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The metrics of several processes as those of one gateway: counts are added up, of states the worst one counts. */
export function aggregateMetrics(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate<PrometheusContentType>([...snapshots]).metrics();
}

/**
 * Makes the metrics of one gateway process. A call is counted in plain numbers; names and labels are only put to them when
 * somebody reads. `limits` bound how many APIs and steps have lines of their own; what comes after is counted under
 * `other`. `droppedLogLines` is asked how many lines of the log were dropped.
 */
export function createGatewayMetrics(limits: { apis?: number; steps?: number; droppedLogLines?: () => number } = {}): GatewayMetrics {
  const registry = new Registry();
  const totals = new Totals(limits.apis ?? 1000, limits.steps ?? 1000);
  let deployments: readonly { labels: Labels; value: number }[] = [];
  let state: readonly Sample[] = [];
  let readiness = { ready: 0, degraded: 0 };
  /** Past problems keep a line with value 0, so their end is visible. */
  const problems = new Map<string, number>();

  const perApi = (samples: (api: ApiTotals) => Iterable<Sample>) => () => totals.apis().flatMap((api) => [...samples(api)]);
  const perStep = (samples: (step: StepTotals) => Iterable<Sample>) => () => totals.steps().flatMap((step) => [...samples(step)]);
  const counted = (name: string, help: string, samples: () => Sample[]): Family => ({
    name,
    help,
    type: "counter",
    aggregator: "sum",
    samples,
  });
  const timed = (name: string, help: string, samples: () => Sample[]): Family => ({
    name,
    help,
    type: "histogram",
    aggregator: "sum",
    samples,
  });
  const gauge = (name: string, help: string, aggregator: "min" | "max", samples: () => Sample[]): Family => ({
    name,
    help,
    type: "gauge",
    aggregator,
    samples,
  });
  for (const family of [
    counted(
      "gatewright_requests_total",
      "Requests with a response.",
      perApi((api) => api.requests()),
    ),
    timed(
      "gatewright_request_duration_seconds",
      "Request duration, until the response was complete or cut off.",
      perApi(({ labels, duration }) => histogramSamples(labels, duration)),
    ),
    timed(
      "gatewright_backend_duration_seconds",
      "Time until backends started their responses.",
      perApi(({ labels, backend }) => histogramSamples(labels, backend)),
    ),
    timed(
      "gatewright_policies_duration_seconds",
      "Total duration of a request's steps.",
      perApi(({ labels, policies }) => histogramSamples(labels, policies)),
    ),
    counted(
      "gatewright_refusals_total",
      "Error responses of the gateway.",
      perApi((api) => api.refusals()),
    ),
    counted(
      "gatewright_answers_cut_total",
      "Responses cut off after they started, by side.",
      perApi((api) => api.cuts()),
    ),
    timed(
      "gatewright_step_duration_seconds",
      "Step duration.",
      perStep(({ labels, duration }) => histogramSamples(labels, duration)),
    ),
    counted(
      "gatewright_step_outcomes_total",
      "Step outcomes.",
      perStep((step) => step.outcomes()),
    ),
    gauge("gatewright_deployment_number", "Served deployment.", "min", () => [...deployments]),
    gauge("gatewright_ready", "1 if the gateway accepts requests.", "min", () => [{ labels: {}, value: readiness.ready }]),
    gauge("gatewright_degraded", "1 if the gateway has problems; see /readyz.", "max", () => [{ labels: {}, value: readiness.degraded }]),
    gauge("gatewright_problem", "1 if the problem exists.", "max", () =>
      [...problems].map(([problem, value]) => ({ labels: { problem }, value })),
    ),
    counted("gatewright_log_lines_dropped_total", "Log lines dropped because the log reader stalled.", () => [
      { labels: {}, value: limits.droppedLogLines?.() ?? 0 },
    ]),
    gauge("gatewright_dependency_up", "1 if the dependency is reachable.", "min", () => [...state]),
  ])
    register(registry, family);
  collectDefaultMetrics({ register: registry });

  return {
    observe: (record, steps) => totals.observe(record, steps),
    setDeployments(running) {
      deployments = running.map(({ apiId, deploymentNumber }) => ({ labels: { api: apiId }, value: deploymentNumber }));
      totals.setDeployments(running);
    },
    setState({ ready, degraded, dependencies, problems: present = [] }) {
      for (const problem of problems.keys()) problems.set(problem, 0);
      for (const problem of present) problems.set(problem, 1);
      readiness = { ready: Number(ready), degraded: Number(degraded) };
      state = Object.entries(dependencies).map(([dependency, up]) => ({ labels: { dependency }, value: Number(up) }));
    },
    snapshot: () => registry.getMetricsAsJSON(),
    async text() {
      const texts: string[] = [];
      for (const { name } of registry.getMetricsAsArray()) {
        texts.push(await registry.getSingleMetricAsString(name));
        // With 1,000 APIs, the text takes as long as many requests, which take precedence.
        await setImmediate();
      }
      return `${texts.join("\n\n")}\n`;
    },
  };
}
