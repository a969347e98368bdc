import { useQuery } from "@tanstack/react-query";
import { read } from "./client";
import { listOf, queryOf } from "./queries";

/** Polling interval of the gateways. */
export const GATEWAYS_REFRESH_MS = 3_000;

/** Reads every gateway that reported recently, polled. */
export const gatewaysQuery = () => ({
  ...listOf("listGateways", {}),
  refetchInterval: GATEWAYS_REFRESH_MS,
  // Show a failed poll immediately: the page would be outdated.
  retry: false,
});

/** Every gateway that reported recently, polled. */
export const useGateways = () => useQuery(gatewaysQuery());

/** Reads on which gateways a deployment is live. */
export const readDeploymentGateways = (id: string, number: number, signal?: AbortSignal) =>
  read("listDeploymentGateways", { params: { id, number }, signal });

/** On which gateways a deployment is live, polled. */
export const useDeploymentGateways = (id: string, number: number) =>
  useQuery({ ...queryOf("listDeploymentGateways", { params: { id, number } }), refetchInterval: GATEWAYS_REFRESH_MS });
