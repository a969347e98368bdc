import { setImmediate } from "node:timers/promises";
import { AggregatorRegistry, collectDefaultMetrics, type PrometheusContentType, Registry } from "prom-client";
import type { AccessRecord, StepRun } from "../ports";
import type { ApiTotals } from "./metrics/api-totals";
import { type Family, histogramSamples, type Labels, register, type Sample } from "./metrics/exposition";
import type { StepTotals } from "./metrics/step-totals";
import { Totals } from "./metrics/totals";

/** What one process has counted, in a form that can be sent to another. */
export type MetricsSnapshot = object[];

/** How a gateway is, as its metrics say it. */
export interface MetricsState {
  ready: boolean;
  /** It serves, and something is not as it should be. */
  degraded: boolean;
  /** Whether it reaches what it depends on, by name; what it does not use is left out. */
  dependencies: Readonly<Partial<Record<"postgres" | "redis", boolean>>>;
  /** What is not as it should be, by one word each. */
  problems?: readonly string[];
}

/** The metrics of one gateway process. */
export interface GatewayMetrics {
  /** Counts one call. It costs less than a microsecond and never throws. */
  observe(record: AccessRecord, steps: readonly StepRun[]): void;
  /** Says what is served now. */
  setDeployments(running: readonly { apiId: string; deploymentNumber: number }[]): void;
  setState(state: MetricsState): void;
  /** For `aggregateMetrics`, where several processes are one gateway. */
  snapshot(): Promise<MetricsSnapshot>;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
}

/** The media type of the text (Prometheus exposition format 0.0.4). */
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
  /** Every problem that there ever was stays a line, so that one sees when it is over. */
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
      "Calls that were answered.",
      perApi((api) => api.requests()),
    ),
    timed(
      "gatewright_request_duration_seconds",
      "How long calls took, until the answer was handed over whole or broken off.",
      perApi(({ labels, duration }) => histogramSamples(labels, duration)),
    ),
    timed(
      "gatewright_backend_duration_seconds",
      "How long backends took to begin their answers.",
      perApi(({ labels, backend }) => histogramSamples(labels, backend)),
    ),
    timed(
      "gatewright_policies_duration_seconds",
      "How long the steps of a call took together.",
      perApi(({ labels, policies }) => histogramSamples(labels, policies)),
    ),
    counted(
      "gatewright_refusals_total",
      "Answers that the gateway gave by itself.",
      perApi((api) => api.refusals()),
    ),
    counted(
      "gatewright_answers_cut_total",
      "Answers that were broken off after they had begun, and who did it.",
      perApi((api) => api.cuts()),
    ),
    timed(
      "gatewright_step_duration_seconds",
      "How long steps took.",
      perStep(({ labels, duration }) => histogramSamples(labels, duration)),
    ),
    counted(
      "gatewright_step_outcomes_total",
      "What steps did.",
      perStep((step) => step.outcomes()),
    ),
    gauge("gatewright_deployment_number", "The deployment that is served.", "min", () => [...deployments]),
    gauge("gatewright_ready", "1 while calls may be sent here.", "min", () => [{ labels: {}, value: readiness.ready }]),
    gauge("gatewright_degraded", "1 while something is not as it should be; /readyz says what.", "max", () => [
      { labels: {}, value: readiness.degraded },
    ]),
    gauge("gatewright_problem", "1 while this is not as it should be.", "max", () =>
      [...problems].map(([problem, value]) => ({ labels: { problem }, value })),
    ),
    counted("gatewright_log_lines_dropped_total", "Log lines that were dropped, because their reader took none.", () => [
      { labels: {}, value: limits.droppedLogLines?.() ?? 0 },
    ]),
    gauge("gatewright_dependency_up", "1 while the dependency answers.", "min", () => [...state]),
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
        // With a thousand APIs the text takes as long as many calls, which go first.
        await setImmediate();
      }
      return `${texts.join("\n\n")}\n`;
    },
  };
}
