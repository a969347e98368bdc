import { operations } from "@/lib/management/contract/operations";
import { rollbackApi } from "@/lib/management/deployments";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.rollbackApi, async ({ params, query, preconditions, principal }) => ({
  status: 201,
  body: await rollbackApi(params.id, params.number, preconditions, principal.name, query),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/apis/{id}/deployments/{number}/rollback");
