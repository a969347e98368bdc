import { createSecret, deleteSecret } from "../application-secrets";
import { issueTryToken } from "../application-token";
import { createApplication, deleteApplication, getApplication, listApplications, updateApplication } from "../applications";
import type { applicationOperations } from "../contract/operations/applications";
import { type HandlersOf, Reply } from "./handler";

export const applicationHandlers: HandlersOf<typeof applicationOperations> = {
  listApplications: ({ query }) => listApplications(query),
  createApplication: async ({ body, principal }) => {
    const application = await createApplication(body, principal.name);
    return new Reply(application, { Location: `/api/v1/applications/${application.id}` });
  },
  getApplication: ({ params }) => getApplication(params.id),
  updateApplication: ({ params, body, preconditions, principal }) => updateApplication(params.id, body, principal.name, preconditions),
  deleteApplication: ({ params, preconditions, principal }) => deleteApplication(params.id, principal.name, preconditions),
  createSecret: ({ params, body, preconditions, principal }) => createSecret(params.id, body, principal.name, preconditions),
  deleteSecret: ({ params, preconditions, principal }) => deleteSecret(params.id, params.secretId, principal.name, preconditions),
  issueToken: ({ params, body, principal }) => issueTryToken(params.id, body.scopes, principal.name, body.resource),
};
