import { useQuery } from "@tanstack/react-query";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import { keyOf, queryOf, useChange } from "./queries";

/** How often the kept tokens are looked at while their page is open. */
const REFRESH_MS = 3_000;

/** What each gateway says of the tokens that it keeps for an API's endpoints, looked at again and again. */
export const useEndpointTokens = (id: string) =>
  useQuery({ ...queryOf("listEndpointTokens", { params: { id } }), select: ({ items }) => items, refetchInterval: REFRESH_MS });

/** Drops the token of an endpoint on every gateway. */
export const useDropToken = (id: string) =>
  useChange("dropEndpointToken", (environment: EnvironmentName) => ({ params: { id, environment } }), {
    refreshes: [{ queryKey: keyOf("listEndpointTokens", { params: { id } }) }],
  });

/** Tests an endpoint as it is typed, saved or not. Its blank secrets stand for the stored ones. */
export const useTestConnection = (id: string, environment: EnvironmentName) =>
  useChange("testConnection", (endpoint: Endpoint) => ({ params: { id, environment }, body: { ...endpoint } }));
