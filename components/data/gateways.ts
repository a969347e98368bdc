import { queryOptions, useQuery } from "@tanstack/react-query";
import type { DeploymentGatewaysView, GatewayView } from "@/lib/management/contract/gateways";
import { read, readAll } from "./client";

/** How often the gateways are looked at while their page is open. */
export const GATEWAYS_REFRESH_MS = 3_000;

/** Reads every gateway that was seen lately, again and again. */
export const gatewaysQuery = () =>
  queryOptions({
    queryKey: ["gateways"],
    queryFn: ({ signal }) => readAll<GatewayView>("/gateways", signal),
    refetchInterval: GATEWAYS_REFRESH_MS,
    // A failure to read them again is shown at once: what is on the page would be old.
    retry: false,
  });

/** Every gateway that was seen lately, polled. */
export const useGateways = () => useQuery(gatewaysQuery());

/** On which gateways a deployment is live, as of now. */
export const readDeploymentGateways = (apiId: string, number: number, signal?: AbortSignal) =>
  read<DeploymentGatewaysView>(`/apis/${apiId}/deployments/${number}/gateways`, signal);

/** On which gateways a deployment is live, looked at again and again. */
export const useDeploymentGateways = (apiId: string, number: number) =>
  useQuery({
    queryKey: ["apis", apiId, "deployments", number, "gateways"],
    queryFn: ({ signal }) => readDeploymentGateways(apiId, number, signal),
    refetchInterval: GATEWAYS_REFRESH_MS,
  });
