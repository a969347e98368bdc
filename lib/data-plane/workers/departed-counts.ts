import { AggregatorRegistry } from "prom-client";
import type { MetricsSnapshot } from "@/lib/gateway/telemetry/metrics";

const isCount = (metric: object): boolean => "type" in metric && (metric.type === "counter" || metric.type === "histogram");

/**
 * Adds what a process had counted, when it was last asked, to what those before it left. With it the counts of the gateway
 * do not go down when a worker ends, which Prometheus would take for a restart and count again.
 */
export async function withDeparted(left: MetricsSnapshot, last: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  const counts = last.map((snapshot) => snapshot.filter(isCount));
  return AggregatorRegistry.aggregate([left, ...counts]).getMetricsAsJSON();
}
