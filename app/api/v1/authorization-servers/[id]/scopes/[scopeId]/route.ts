import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { deleteScope, getScope, updateScope } from "@/lib/management/scopes";

export const GET = endpoint(operations.getScope, async ({ params }) => ({ status: 200, body: await getScope(params.id, params.scopeId) }));

export const PATCH = endpoint(operations.updateScope, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updateScope(params.id, params.scopeId, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteScope, async ({ params, preconditions, principal }) => {
  await deleteScope(params.id, params.scopeId, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/authorization-servers/{id}/scopes/{scopeId}");
