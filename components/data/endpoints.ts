import { useQuery } from "@tanstack/react-query";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import { keyOf, queryOf, useChange } from "./queries";

/** Polling interval of the cached tokens. */
const REFRESH_MS = 3_000;

/** The backend tokens that each gateway caches for an API's endpoints, polled. */
export const useEndpointTokens = (id: string) =>
  useQuery({ ...queryOf("listEndpointTokens", { params: { id } }), select: ({ items }) => items, refetchInterval: REFRESH_MS });

/** Clears an endpoint's cached token on every gateway. */
export const useDropToken = (id: string) =>
  useChange("dropEndpointToken", (environment: EnvironmentName) => ({ params: { id, environment } }), {
    refreshes: [{ queryKey: keyOf("listEndpointTokens", { params: { id } }) }],
  });

/** Tests an endpoint as edited, saved or not. Blank secrets mean the stored ones. */
export const useTestConnection = (id: string, environment: EnvironmentName) =>
  useChange("testConnection", (endpoint: Endpoint) => ({ params: { id, environment }, body: { ...endpoint } }));
