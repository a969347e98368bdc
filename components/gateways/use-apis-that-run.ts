import { useEffect, useRef } from "react";
import { useApis } from "@/components/data/apis";
import type { GatewayView } from "@/lib/management/contract/gateways";

/** Returns a text that changes when a gateway's deployments change. */
const runningOf = (gateways: readonly GatewayView[]) =>
  gateways.map(({ id, deployments }) => `${id} ${deployments.map(({ apiId, number }) => `${apiId}:${number}`).join(" ")}`).join("\n");

/**
 * Loads the APIs to name what gateways run. Reloads only when a gateway's deployments change; no polling.
 */
export function useApisThatRun(gateways: readonly GatewayView[] | undefined) {
  const apis = useApis();
  const { refetch } = apis;
  const running = gateways && runningOf(gateways);
  const before = useRef(running);
  useEffect(() => {
    if (before.current !== undefined && before.current !== running) void refetch();
    before.current = running;
  }, [running, refetch]);
  return apis;
}
