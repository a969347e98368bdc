import {
  createAuthorizationServer,
  deleteAuthorizationServer,
  getAuthorizationServer,
  listAuthorizationServers,
  updateAuthorizationServer,
} from "../authorization-servers";
import type { authorizationServerOperations } from "../contract/operations/authorization-servers";
import { deleteSigningKey, getSigningKey, listSigningKeys, rotateSigningKeys } from "../keys";
import { previewTokenOf } from "../token-preview";
import { type HandlersOf, Reply } from "./handler";

export const authorizationServerHandlers: HandlersOf<typeof authorizationServerOperations> = {
  listAuthorizationServers: ({ query }) => listAuthorizationServers(query),
  createAuthorizationServer: async ({ body, principal }) => {
    const server = await createAuthorizationServer(body, principal.name);
    return new Reply(server, { Location: `/api/v1/authorization-servers/${server.id}` });
  },
  getAuthorizationServer: ({ params }) => getAuthorizationServer(params.id),
  updateAuthorizationServer: ({ params, body, preconditions, principal }) =>
    updateAuthorizationServer(params.id, body, principal.name, preconditions),
  deleteAuthorizationServer: ({ params, preconditions, principal }) => deleteAuthorizationServer(params.id, principal.name, preconditions),
  listKeys: ({ params, query }) => listSigningKeys(params.id, query),
  rotateKeys: ({ params, principal }) => rotateSigningKeys(params.id, principal.name),
  getKey: ({ params }) => getSigningKey(params.id, params.kid),
  deleteKey: ({ params, preconditions, principal }) => deleteSigningKey(params.id, params.kid, principal.name, preconditions),
  previewToken: ({ params, body }) => previewTokenOf(params.id, body),
};
