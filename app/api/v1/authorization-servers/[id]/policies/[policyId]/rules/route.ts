import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { createRule } from "@/lib/management/rules";

export const POST = endpoint(operations.createRule, async ({ params, body, principal }) => ({
  status: 201,
  body: await createRule(params.id, params.policyId, body, principal.name),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/policies/{policyId}/rules");
