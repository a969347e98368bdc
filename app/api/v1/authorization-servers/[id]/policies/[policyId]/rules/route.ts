import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { createRule } from "@/lib/management/rules";

export const POST = endpoint(operations.createRule, async ({ params, body, principal }) => ({
  status: 201,
  body: await createRule(params.id, params.policyId, body, principal.name),
}));
