import { deleteSecret } from "@/lib/management/application-secrets";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.deleteSecret, async ({ params, principal }) => {
  await deleteSecret(params.id, params.secretId, principal.name);
  return { status: 204 };
});
