import { useQuery } from "@tanstack/react-query";
import type { DeploymentGatewaysView, GatewayView } from "@/lib/management/contract/gateways";
import { read, readAll } from "./client";

/** How often the gateways are looked at while their page is open. */
export const GATEWAYS_REFRESH_MS = 3_000;

/** Every gateway that was seen lately, looked at again and again. */
export const useGateways = () =>
  useQuery({
    queryKey: ["gateways"],
    queryFn: ({ signal }) => readAll<GatewayView>("/gateways", signal),
    refetchInterval: GATEWAYS_REFRESH_MS,
    // A failure to read them again is shown at once: what is on the page would be old.
    retry: false,
  });

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
