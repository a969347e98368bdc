import { createGatewayMetrics, type GatewayMetrics } from "@/lib/gateway/telemetry/metrics";
import { logState } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";

/** What the embedded gateway counts. */
export const embeddedMetrics = (): GatewayMetrics =>
  singleton("gateway-metrics", () => createGatewayMetrics({ droppedLogLines: () => logState().dropped }));
