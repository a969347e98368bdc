import type { deploymentOperations } from "../contract/operations/deployments";
import { deployApi, getChanges, getDeployment, listDeployments, rollbackApi, undeployApi } from "../deployments";
import { listDeploymentGateways } from "../gateways";
import { tryCall } from "../try-call";
import { type HandlersOf, Reply } from "./handler";

export const deploymentHandlers: HandlersOf<typeof deploymentOperations> = {
  getChanges: ({ params, query }) => getChanges(params.id, query),
  listDeployments: ({ params, query }) => listDeployments(params.id, query),
  deployApi: ({ params, query, body, preconditions, principal }) => deployApi(params.id, body.label, preconditions, principal.name, query),
  getDeployment: async ({ params }) => {
    const { view, etag } = await getDeployment(params.id, params.number);
    return new Reply(view, { ETag: etag });
  },
  rollbackApi: ({ params, query, preconditions, principal }) => rollbackApi(params.id, params.number, preconditions, principal.name, query),
  undeployApi: ({ params, preconditions, principal }) => undeployApi(params.id, principal.name, preconditions),
  tryApi: ({ params, body }) => tryCall(params.id, body),
  listDeploymentGateways: ({ params }) => listDeploymentGateways(params.id, params.number),
};
