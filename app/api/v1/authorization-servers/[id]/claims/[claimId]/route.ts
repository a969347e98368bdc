import { deleteClaim, updateClaim } from "@/lib/management/claims";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const PATCH = endpoint(operations.updateClaim, async ({ params, body, principal }) => ({
  status: 200,
  body: await updateClaim(params.id, params.claimId, body, principal.name),
}));

export const DELETE = endpoint(operations.deleteClaim, async ({ params, principal }) => {
  await deleteClaim(params.id, params.claimId, principal.name);
  return { status: 204 };
});
