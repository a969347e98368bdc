import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { deletePolicy, getPolicy, updatePolicy } from "@/lib/management/policies";

export const GET = endpoint(operations.getPolicy, async ({ params }) => ({
  status: 200,
  body: await getPolicy(params.id, params.policyId),
}));

export const PATCH = endpoint(operations.updatePolicy, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updatePolicy(params.id, params.policyId, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deletePolicy, async ({ params, preconditions, principal }) => {
  await deletePolicy(params.id, params.policyId, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/authorization-servers/{id}/policies/{policyId}");
