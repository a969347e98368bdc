import { operations } from "@/lib/management/contract/operations";
import { dropEndpointToken } from "@/lib/management/endpoint-tokens";
import { endpoint } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.dropEndpointToken, async ({ params, principal }) => {
  await dropEndpointToken(params.id, params.environment, principal.name);
  return { status: 204 };
});
