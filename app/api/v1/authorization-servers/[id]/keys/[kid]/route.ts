import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { deleteSigningKey } from "@/lib/management/keys";

export const DELETE = endpoint(operations.deleteKey, async ({ params, principal }) => {
  await deleteSigningKey(params.id, params.kid, principal.name);
  return { status: 204 };
});
