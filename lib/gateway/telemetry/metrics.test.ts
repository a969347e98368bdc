import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessRecord, StepIdentity, StepRun } from "../ports";
import { readExposition, seriesOf } from "../testing/exposition";
import { aggregateMetrics, createGatewayMetrics, type GatewayMetrics } from "./metrics";

interface Seen {
  record: AccessRecord;
  steps: StepRun[];
}

const STEPS: readonly StepIdentity[] = ["a", "b"].flatMap((apiId) =>
  (["request", "response"] as const).map((phase) => ({ apiId, flow: "All", phase, policy: "oauth2", name: "Check" })),
);

/** Multiples of a microsecond, and exactly what a bucket ends with as often as anything else. */
const duration = fc.oneof(
  fc.constantFrom(0.01, 0.05, 1, 2.5, 30_000),
  fc.integer({ min: 0, max: 60_000_000 }).map((us) => us / 1000),
);

const seen: fc.Arbitrary<Seen> = fc.record({
  record: fc.record({
    requestId: fc.constant("request"),
    path: fc.constant("/"),
    method: fc.constantFrom("GET", "POST", "PROPFIND"),
    status: fc.constantFrom(200, 204, 401, 499, 299),
    apiId: fc.constantFrom("a", "b", undefined),
    deploymentNumber: fc.constant(1),
    durationMs: duration,
    policiesMs: duration,
    backendMs: fc.option(duration, { nil: undefined }),
    code: fc.constantFrom(undefined, "OAUTH2_MISSING_HEADER", "BACKEND_TIMEOUT"),
    cut: fc.constantFrom(undefined, "caller", "backend"),
  }),
  steps: fc.array(
    fc.record({ step: fc.constantFrom(...STEPS), outcome: fc.constantFrom("ran", "answered", "failed"), durationMs: duration }),
    { maxLength: 3 },
  ),
});

function addTo(totals: Record<string, number>, key: string, by = 1): void {
  totals[key] = (totals[key] ?? 0) + by;
}

/** The same counts, made in the plainest way. */
function model(calls: readonly Seen[]) {
  const totals = {
    requests: {} as Record<string, number>,
    refusals: {} as Record<string, number>,
    cuts: {} as Record<string, number>,
    outcomes: {} as Record<string, number>,
    under: {} as Record<string, number>,
    stepsUnder: {} as Record<string, number>,
    backendSeconds: {} as Record<string, number>,
  };
  for (const { record, steps } of calls) {
    const api = `api=${record.apiId ?? "none"}`;
    const method = ["GET", "POST"].includes(record.method) ? record.method : "other";
    addTo(totals.requests, `${api},method=${method},status=${record.status === 299 ? "2xx" : record.status}`);
    if (record.code) addTo(totals.refusals, `${api},code=${record.code}`);
    if (record.cut) addTo(totals.cuts, `${api},by=${record.cut}`);
    for (const le of [0.0025, 1]) if (record.durationMs <= le * 1000) addTo(totals.under, `${api},le=${le}`);
    if (record.backendMs !== undefined) addTo(totals.backendSeconds, api, record.backendMs / 1000);
    for (const { step, outcome, durationMs } of steps) {
      const labels = `flow=All,name=Check`;
      addTo(totals.outcomes, `api=${step.apiId},${labels},outcome=${outcome},phase=${step.phase},policy=oauth2`);
      if (durationMs <= 0.01)
        addTo(totals.stepsUnder, `api=${step.apiId},${labels.replace(",", ",le=0.00001,")},phase=${step.phase},policy=oauth2`);
    }
  }
  return totals;
}

/** What the text says of the same. */
function read(text: string): ReturnType<typeof model> {
  const samples = readExposition(text);
  const buckets = (name: string, les: readonly string[]) =>
    Object.fromEntries(
      Object.entries(
        seriesOf(
          samples.filter(({ labels }) => les.includes(labels.le ?? "")),
          name,
        ),
      ).filter(([, value]) => value > 0),
    );
  return {
    requests: seriesOf(samples, "gatewright_requests_total"),
    refusals: seriesOf(samples, "gatewright_refusals_total"),
    cuts: seriesOf(samples, "gatewright_answers_cut_total"),
    outcomes: seriesOf(samples, "gatewright_step_outcomes_total"),
    under: buckets("gatewright_request_duration_seconds_bucket", ["0.0025", "1"]),
    stepsUnder: buckets("gatewright_step_duration_seconds_bucket", ["0.00001"]),
    backendSeconds: Object.fromEntries(
      Object.entries(seriesOf(samples, "gatewright_backend_duration_seconds_sum")).filter(([key]) =>
        Object.hasOwn(seriesOf(samples, "gatewright_backend_duration_seconds_count"), key),
      ),
    ),
  };
}

/** Sums of floating-point numbers differ in their last digits by the order in which they are made. */
function expectSame(actual: ReturnType<typeof model>, expected: ReturnType<typeof model>): void {
  const { backendSeconds: actualSeconds, ...actualCounts } = actual;
  const { backendSeconds, ...counts } = expected;
  expect(actualCounts).toEqual(counts);
  for (const [key, value] of Object.entries(backendSeconds)) expect(actualSeconds[key]).toBeCloseTo(value, 6);
}

const observeAll = (metrics: GatewayMetrics, calls: readonly Seen[]) => {
  for (const { record, steps } of calls) metrics.observe(record, steps);
};

const aCall = (record: Partial<AccessRecord>, steps: StepRun[] = []): Seen => ({
  record: { requestId: "request", method: "GET", path: "/", status: 200, durationMs: 1, policiesMs: 0, ...record },
  steps,
});

const ranAs = (step: Partial<StepIdentity>): StepRun => ({
  step: { apiId: "a", flow: "All", phase: "request", policy: "oauth2", name: "Check", ...step },
  outcome: "ran",
  durationMs: 1,
});

describe("the metrics of a gateway", () => {
  it("count what a plain model counts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { maxLength: 60 }), async (calls) => {
        const metrics = createGatewayMetrics();
        observeAll(metrics, calls);
        expectSame(read(await metrics.text()), model(calls));
      }),
      { numRuns: 100 },
    );
  });

  it("add up over processes to what one process would have counted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(seen, { maxLength: 30 }), fc.array(seen, { maxLength: 30 }), async (ones, others) => {
        const [one, other] = [createGatewayMetrics(), createGatewayMetrics()];
        observeAll(one, ones);
        observeAll(other, others);
        const snapshots = JSON.parse(JSON.stringify([await one.snapshot(), await other.snapshot()])) as object[][];
        expectSame(read(await aggregateMetrics(snapshots)), model([...ones, ...others]));
      }),
      { numRuns: 50 },
    );
  });

  it("say of several processes the worst state and the oldest deployment", async () => {
    const [one, other] = [createGatewayMetrics(), createGatewayMetrics()];
    one.setState({ ready: true, degraded: false, dependencies: { postgres: true, redis: true } });
    other.setState({ ready: true, degraded: true, dependencies: { postgres: true, redis: false } });
    one.setDeployments([{ apiId: "a", deploymentNumber: 8 }]);
    other.setDeployments([{ apiId: "a", deploymentNumber: 7 }]);
    const samples = readExposition(await aggregateMetrics([await one.snapshot(), await other.snapshot()]));
    expect(seriesOf(samples, "gatewright_dependency_up")).toEqual({ "dependency=postgres": 1, "dependency=redis": 0 });
    expect(seriesOf(samples, "gatewright_degraded")).toEqual({ "": 1 });
    expect(seriesOf(samples, "gatewright_ready")).toEqual({ "": 1 });
    expect(seriesOf(samples, "gatewright_deployment_number")).toEqual({ "api=a": 7 });
  });

  it("write any label so that a reader of the format gets it back", async () => {
    const hostile = fc.string({ unit: fc.constantFrom('"', "\\", "\n", "n", "{", "}", ",", "=", " ", "é", "\u2028", "#"), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.string(), hostile, hostile, async (apiId, flow, name) => {
        const metrics = createGatewayMetrics();
        observeAll(metrics, [aCall({ apiId }, [ranAs({ apiId, flow, name })])]);
        const [sample] = readExposition(await metrics.text()).filter((one) => one.name === "gatewright_step_outcomes_total");
        expect(sample?.labels).toEqual({ api: apiId, flow, name, phase: "request", policy: "oauth2", outcome: "ran" });
      }),
      { numRuns: 200 },
    );
  });

  it("say how the process is, beside what it counted", async () => {
    const names = new Set(readExposition(await createGatewayMetrics().text()).map(({ name }) => name));
    expect([...names]).toEqual(
      expect.arrayContaining(["process_resident_memory_bytes", "nodejs_eventloop_lag_seconds", "gatewright_ready"]),
    );
  });

  it("have buckets that only grow, up to the count", async () => {
    const metrics = createGatewayMetrics();
    observeAll(
      metrics,
      [0, 0.5, 1, 7, 80, 31_000].map((durationMs) => aCall({ apiId: "a", durationMs })),
    );
    const buckets = readExposition(await metrics.text()).filter(({ name }) => name === "gatewright_request_duration_seconds_bucket");
    const values = buckets.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(buckets.at(-1)).toMatchObject({ labels: { le: "+Inf" }, value: 6 });
  });
});

describe("the metrics over redeploys", () => {
  it("go on counting a step whose deployment has been replaced by one with the same step", async () => {
    const metrics = createGatewayMetrics();
    for (const deploymentNumber of [1, 2, 3]) {
      metrics.setDeployments([{ apiId: "a", deploymentNumber }]);
      observeAll(metrics, [aCall({ apiId: "a", deploymentNumber }, [ranAs({})])]);
      const outcomes = seriesOf(readExposition(await metrics.text()), "gatewright_step_outcomes_total");
      expect(Object.values(outcomes)).toEqual([deploymentNumber]);
    }
  });

  it("let no count fall while there is room", async () => {
    const change = fc.record({ remove: fc.boolean(), calls: fc.array(seen, { maxLength: 10 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 5 }), async (changes) => {
        const metrics = createGatewayMetrics();
        let before: Record<string, number> = {};
        for (const { remove, calls } of changes) {
          metrics.setDeployments(remove ? [] : [{ apiId: "a", deploymentNumber: 2 }]);
          observeAll(metrics, calls);
          const after = seriesOf(readExposition(await metrics.text()), "gatewright_requests_total");
          for (const [key, value] of Object.entries(before)) expect(after[key]).toBeGreaterThanOrEqual(value);
          before = after;
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("the number of lines", () => {
  it("does not grow with what callers and backends make up", async () => {
    const metrics = createGatewayMetrics();
    for (let status = 200; status < 600; status += 1)
      for (const method of ["GET", "PUT", "PATCH", "MADE-UP", `X${status}`])
        metrics.observe(aCall({ apiId: "a", method, status }).record, []);
    const requests = seriesOf(readExposition(await metrics.text()), "gatewright_requests_total");
    expect(Object.keys(requests).length).toBeLessThanOrEqual(105);
    expect(Object.values(requests).reduce((sum, value) => sum + value, 0)).toBe(2000);
  });

  it("ends where the limit is: what comes after is counted together, and nothing is lost", async () => {
    const metrics = createGatewayMetrics({ apis: 3, steps: 4 });
    for (let number = 0; number < 50; number += 1) {
      const apiId = `api_${number}`;
      observeAll(metrics, [aCall({ apiId }, [ranAs({ apiId }), ranAs({ apiId, flow: "B" })])]);
    }
    observeAll(metrics, [aCall({})]);
    const samples = readExposition(await metrics.text());
    const requests = seriesOf(samples, "gatewright_requests_total");
    expect(Object.keys(requests)).toHaveLength(5);
    expect(requests["api=other,method=GET,status=200"]).toBe(47);
    expect(requests["api=none,method=GET,status=200"]).toBe(1);
    const outcomes = seriesOf(samples, "gatewright_step_outcomes_total");
    expect(Object.values(outcomes).reduce((sum, value) => sum + value, 0)).toBe(100);
    expect(outcomes["api=other,flow=other,name=other,outcome=ran,phase=request,policy=oauth2"]).toBe(96);
  });

  it("makes room at the limit for what is deployed, by what is not any more", async () => {
    const metrics = createGatewayMetrics({ apis: 2, steps: 2 });
    const old = [ranAs({ apiId: "gone" }), ranAs({ apiId: "a", flow: "Renamed" })];
    observeAll(metrics, [aCall({ apiId: "gone", deploymentNumber: 1 }, old), aCall({ apiId: "a", deploymentNumber: 1 })]);
    metrics.setDeployments([
      { apiId: "a", deploymentNumber: 2 },
      { apiId: "new", deploymentNumber: 1 },
    ]);
    observeAll(metrics, [
      aCall({ apiId: "a", deploymentNumber: 2 }, [ranAs({ apiId: "a" })]),
      aCall({ apiId: "new", deploymentNumber: 1 }, [ranAs({ apiId: "new" })]),
    ]);
    const samples = readExposition(await metrics.text());
    expect(Object.keys(seriesOf(samples, "gatewright_requests_total"))).toEqual([
      "api=a,method=GET,status=200",
      "api=new,method=GET,status=200",
    ]);
    expect(Object.keys(seriesOf(samples, "gatewright_step_outcomes_total")).map((key) => key.split(",name")[0])).toEqual([
      "api=a,flow=All",
      "api=new,flow=All",
    ]);
    // A call that was still under way on the old deployment is counted as well.
    observeAll(metrics, [aCall({ apiId: "a", deploymentNumber: 1 }, old.slice(1))]);
    const after = seriesOf(readExposition(await metrics.text()), "gatewright_step_outcomes_total");
    expect(after["api=other,flow=other,name=other,outcome=ran,phase=request,policy=oauth2"]).toBe(1);
  });
});
