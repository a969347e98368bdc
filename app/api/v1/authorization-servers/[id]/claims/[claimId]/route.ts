import { deleteClaim, getClaim, updateClaim } from "@/lib/management/claims";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getClaim, async ({ params }) => ({ status: 200, body: await getClaim(params.id, params.claimId) }));

export const PATCH = endpoint(operations.updateClaim, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updateClaim(params.id, params.claimId, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteClaim, async ({ params, preconditions, principal }) => {
  await deleteClaim(params.id, params.claimId, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/authorization-servers/{id}/claims/{claimId}");
