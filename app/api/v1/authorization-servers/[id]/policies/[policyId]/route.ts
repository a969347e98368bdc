import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { deletePolicy, updatePolicy } from "@/lib/management/policies";

export const PATCH = endpoint(operations.updatePolicy, async ({ params, body, principal }) => ({
  status: 200,
  body: await updatePolicy(params.id, params.policyId, body, principal.name),
}));

export const DELETE = endpoint(operations.deletePolicy, async ({ params, principal }) => {
  await deletePolicy(params.id, params.policyId, principal.name);
  return { status: 204 };
});
