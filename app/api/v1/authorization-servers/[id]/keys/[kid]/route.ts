import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { deleteSigningKey, getSigningKey } from "@/lib/management/keys";

export const GET = endpoint(operations.getKey, async ({ params }) => ({ status: 200, body: await getSigningKey(params.id, params.kid) }));

export const DELETE = endpoint(operations.deleteKey, async ({ params, preconditions, principal }) => {
  await deleteSigningKey(params.id, params.kid, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, PATCH, POST, PUT } = otherMethods("/authorization-servers/{id}/keys/{kid}");
