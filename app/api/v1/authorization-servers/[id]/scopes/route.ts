import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { createScope, listScopes } from "@/lib/management/scopes";

export const GET = endpoint(operations.listScopes, async ({ params, query }) => ({
  status: 200,
  body: await listScopes(params.id, query),
}));

export const POST = endpoint(operations.createScope, async ({ params, body, principal }) => ({
  status: 201,
  body: await createScope(params.id, body, principal.name),
}));

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/scopes");
