import * as endpoints from "@/lib/management/contract/endpoints";
import { byId, operation } from "@/lib/management/contract/operation";

/** Operations on an API's endpoints and their cached backend tokens. */
export const endpointOperations = {
  testConnection: operation({
    method: "POST",
    path: "/apis/{id}/endpoints/{environment}/test-connection",
    summary: "Test the connection: request a token from the token endpoint, or send the backend a GET; nothing is cached",
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
    summary: "List the backend tokens that each gateway has cached",
    tag: "Endpoints",
    params: byId,
    status: 200,
    response: endpoints.endpointTokenListSchema,
  }),
  dropEndpointToken: operation({
    method: "DELETE",
    path: "/apis/{id}/endpoint-tokens/{environment}",
    summary: "Clear an endpoint's token on every gateway; the next request gets a new one",
    tag: "Endpoints",
    params: endpoints.endpointParamsSchema,
    status: 204,
    response: null,
  }),
};
