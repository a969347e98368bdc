import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { testConnection } from "@/lib/management/test-connection";

export const POST = endpoint(operations.testConnection, async ({ params, body, principal }) => ({
  status: 200,
  body: await testConnection(params.id, params.environment, body, principal.name),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/apis/{id}/endpoints/{environment}/test-connection");
