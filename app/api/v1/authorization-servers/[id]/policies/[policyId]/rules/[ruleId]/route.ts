import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { deleteRule, getRule, updateRule } from "@/lib/management/rules";

export const GET = endpoint(operations.getRule, async ({ params }) => ({
  status: 200,
  body: await getRule(params.id, params.policyId, params.ruleId),
}));

export const PATCH = endpoint(operations.updateRule, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updateRule(params.id, params.policyId, params.ruleId, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteRule, async ({ params, preconditions, principal }) => {
  await deleteRule(params.id, params.policyId, params.ruleId, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/authorization-servers/{id}/policies/{policyId}/rules/{ruleId}");
