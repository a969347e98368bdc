import { useQuery } from "@tanstack/react-query";
import { read } from "./client";
import { listOf, queryOf } from "./queries";

/** How often the gateways are looked at while their page is open. */
export const GATEWAYS_REFRESH_MS = 3_000;

/** Reads every gateway that was seen lately, again and again. */
export const gatewaysQuery = () => ({
  ...listOf("listGateways", {}),
  refetchInterval: GATEWAYS_REFRESH_MS,
  // A failure to read them again is shown at once: what is on the page would be old.
  retry: false,
});

/** Every gateway that was seen lately, polled. */
export const useGateways = () => useQuery(gatewaysQuery());

/** On which gateways a deployment is live, as of now. */
export const readDeploymentGateways = (id: string, number: number, signal?: AbortSignal) =>
  read("listDeploymentGateways", { params: { id, number }, signal });

/** On which gateways a deployment is live, looked at again and again. */
export const useDeploymentGateways = (id: string, number: number) =>
  useQuery({ ...queryOf("listDeploymentGateways", { params: { id, number } }), refetchInterval: GATEWAYS_REFRESH_MS });
