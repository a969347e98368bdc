import { deleteScope } from "@/lib/management/authorization-servers";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.deleteScope, async ({ params, principal }) => {
  await deleteScope(params.id, params.scopeId, principal.name);
  return { status: 204 };
});
