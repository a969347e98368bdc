import { expect, test } from "vitest";
import { aggregateMetrics, createGatewayMetrics } from "@/lib/gateway/telemetry/metrics";
import { withDeparted } from "./departed-counts";

const record = { requestId: "r", method: "GET", path: "/", status: 200, apiId: "api_1", durationMs: 3, policiesMs: 1 };

/** A worker that has answered some calls. */
async function worker(calls: number) {
  const metrics = createGatewayMetrics();
  metrics.setState({ ready: true, degraded: true, dependencies: {} });
  for (let call = 0; call < calls; call += 1) metrics.observe(record, []);
  return metrics.snapshot();
}

const valuesOf = (text: string, name: string) =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)$`, "gm"))].map(([, value]) => Number(value));

test("what ended workers had counted stays counted, and what they were is forgotten", async () => {
  const once = await withDeparted([], [await worker(3)]);
  const twice = await withDeparted(once, [await worker(4)]);
  const text = await aggregateMetrics([twice, await worker(5)]);
  expect(valuesOf(text, "gatewright_requests_total")).toEqual([12]);
  expect(valuesOf(text, "gatewright_request_duration_seconds_count")).toEqual([12]);
  expect(valuesOf(text, "gatewright_degraded")).toEqual([1]);
  expect(valuesOf(await aggregateMetrics([twice]), "gatewright_degraded")).toEqual([]);
});

test("one that was never asked leaves nothing", async () => {
  expect(await withDeparted([], [])).toEqual([]);
});
