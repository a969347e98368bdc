import { useEffect, useRef } from "react";
import { useApis } from "@/components/data/apis";
import type { GatewayView } from "@/lib/management/contract/gateways";

/** What runs where, as one text that changes with it. */
const runningOf = (gateways: readonly GatewayView[]) =>
  gateways.map(({ id, deployments }) => `${id} ${deployments.map(({ apiId, number }) => `${apiId}:${number}`).join(" ")}`).join("\n");

/**
 * The APIs, to name what gateways run. They are not polled: a deploy shows in what the gateways run, and only then the list is
 * read again.
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
