import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Endpoint, EnvironmentName } from "@/lib/definition/schema";
import type { ConnectionTestView, EndpointTokenView } from "@/lib/management/contract/endpoints";
import { call, read } from "./client";
import { useSingleMutation } from "./single-mutation";

/** How often the kept tokens are looked at while their page is open. */
const REFRESH_MS = 3_000;

const tokensKey = (apiId: string) => ["apis", apiId, "endpoint-tokens"] as const;

/** What each gateway says of the tokens that it keeps for an API's endpoints, looked at again and again. */
export const useEndpointTokens = (apiId: string) =>
  useQuery({
    queryKey: tokensKey(apiId),
    queryFn: async ({ signal }) => (await read<{ items: EndpointTokenView[] }>(`/apis/${apiId}/endpoint-tokens`, signal)).items,
    refetchInterval: REFRESH_MS,
  });

/** Drops the token of an endpoint on every gateway. */
export function useDropToken(apiId: string) {
  const client = useQueryClient();
  return useSingleMutation({
    mutationFn: (environment: EnvironmentName) => call(`/apis/${apiId}/endpoint-tokens/${environment}`, { method: "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: tokensKey(apiId) }),
  });
}

/** Tests an endpoint as it is typed, saved or not. Its blank secrets stand for the stored ones. */
export const useTestConnection = (apiId: string, environment: EnvironmentName) =>
  useSingleMutation({
    mutationFn: async (endpoint: Endpoint) =>
      (await call<ConnectionTestView>(`/apis/${apiId}/endpoints/${environment}/test-connection`, { method: "POST", body: endpoint })).data,
  });
