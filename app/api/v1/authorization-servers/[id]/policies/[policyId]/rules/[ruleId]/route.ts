import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { deleteRule, updateRule } from "@/lib/management/rules";

export const PATCH = endpoint(operations.updateRule, async ({ params, body, principal }) => ({
  status: 200,
  body: await updateRule(params.id, params.policyId, params.ruleId, body, principal.name),
}));

export const DELETE = endpoint(operations.deleteRule, async ({ params, principal }) => {
  await deleteRule(params.id, params.policyId, params.ruleId, principal.name);
  return { status: 204 };
});
