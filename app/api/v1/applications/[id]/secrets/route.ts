import { createSecret } from "@/lib/management/application-secrets";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.createSecret, async ({ params, body, preconditions, principal }) => ({
  status: 201,
  body: await createSecret(params.id, body, principal.name, preconditions),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/applications/{id}/secrets");
