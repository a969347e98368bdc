import * as endpoints from "@/lib/management/contract/endpoints";
import { byId, operation } from "@/lib/management/contract/operation";

/** An API's backends and the tokens that gateways hold for them. */
export const endpointOperations = {
  testConnection: operation({
    method: "POST",
    path: "/apis/{id}/endpoints/{environment}/test-connection",
    summary: "Ask the token endpoint for a token once, or the backend for an answer; nothing is kept",
    tag: "Endpoints",
    params: endpoints.endpointParamsSchema,
    body: endpoints.endpointBodySchema,
    status: 200,
    response: endpoints.connectionTestSchema,
    failures: [429],
  }),
  listEndpointTokens: operation({
    method: "GET",
    path: "/apis/{id}/endpoint-tokens",
    summary: "What each gateway says of the backends' tokens that it keeps",
    tag: "Endpoints",
    params: byId,
    status: 200,
    response: endpoints.endpointTokenListSchema,
  }),
  dropEndpointToken: operation({
    method: "DELETE",
    path: "/apis/{id}/endpoint-tokens/{environment}",
    summary: "Drop the token of an endpoint on every gateway; the next call gets a new one",
    tag: "Endpoints",
    params: endpoints.endpointParamsSchema,
    status: 204,
    response: null,
  }),
};
