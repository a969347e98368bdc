import { createClaim, listClaims } from "@/lib/management/claims";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listClaims, async ({ params, query }) => ({
  status: 200,
  body: await listClaims(params.id, query),
}));

export const POST = endpoint(operations.createClaim, async ({ params, body, principal }) => ({
  status: 201,
  body: await createClaim(params.id, body, principal.name),
}));

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/claims");
