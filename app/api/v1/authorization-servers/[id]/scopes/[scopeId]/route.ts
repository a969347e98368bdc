import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { deleteScope, updateScope } from "@/lib/management/scopes";

export const PATCH = endpoint(operations.updateScope, async ({ params, body, principal }) => ({
  status: 200,
  body: await updateScope(params.id, params.scopeId, body, principal.name),
}));

export const DELETE = endpoint(operations.deleteScope, async ({ params, principal }) => {
  await deleteScope(params.id, params.scopeId, principal.name);
  return { status: 204 };
});
