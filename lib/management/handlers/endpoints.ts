import type { endpointOperations } from "../contract/operations/endpoints";
import { dropEndpointToken, listEndpointTokens } from "../endpoint-tokens";
import { testConnection } from "../test-connection";
import type { HandlersOf } from "./handler";

export const endpointHandlers: HandlersOf<typeof endpointOperations> = {
  testConnection: ({ params, body, principal }) => testConnection(params.id, params.environment, body, principal.name),
  listEndpointTokens: ({ params }) => listEndpointTokens(params.id),
  dropEndpointToken: ({ params, principal }) => dropEndpointToken(params.id, params.environment, principal.name),
};
