import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { createPolicy, listPolicies } from "@/lib/management/policies";

export const GET = endpoint(operations.listPolicies, async ({ params, query }) => ({
  status: 200,
  body: await listPolicies(params.id, query),
}));

export const POST = endpoint(operations.createPolicy, async ({ params, body, principal }) => ({
  status: 201,
  body: await createPolicy(params.id, body, principal.name),
}));

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/policies");
