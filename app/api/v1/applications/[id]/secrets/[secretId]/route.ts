import { deleteSecret } from "@/lib/management/application-secrets";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.deleteSecret, async ({ params, preconditions, principal }) => {
  await deleteSecret(params.id, params.secretId, principal.name, preconditions);
  return { status: 204 };
});

export const { GET, OPTIONS, PATCH, POST, PUT } = otherMethods("/applications/{id}/secrets/{secretId}");
