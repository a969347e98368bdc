import { operations } from "@/lib/management/contract/operations";
import { listEndpointTokens } from "@/lib/management/endpoint-tokens";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listEndpointTokens, async ({ params }) => ({
  status: 200,
  body: await listEndpointTokens(params.id),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/endpoint-tokens");
