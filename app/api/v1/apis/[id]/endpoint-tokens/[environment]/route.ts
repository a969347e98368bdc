import { operations } from "@/lib/management/contract/operations";
import { dropEndpointToken } from "@/lib/management/endpoint-tokens";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.dropEndpointToken, async ({ params, principal }) => {
  await dropEndpointToken(params.id, params.environment, principal.name);
  return { status: 204 };
});

export const { GET, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/endpoint-tokens/{environment}");
