import { createGatewayMetrics, type GatewayMetrics } from "@/lib/gateway/metrics";
import { singleton } from "@/lib/platform/singleton";

/** What the embedded gateway counts. */
export const embeddedMetrics = (): GatewayMetrics => singleton("gateway-metrics", () => createGatewayMetrics());
