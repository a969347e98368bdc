import { createAuthorizationServer, listAuthorizationServers } from "@/lib/management/authorization-servers";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listAuthorizationServers, async ({ query }) => ({
  status: 200,
  body: await listAuthorizationServers(query),
}));

export const POST = endpoint(operations.createAuthorizationServer, async ({ body, principal }) => {
  const server = await createAuthorizationServer(body, principal.name);
  return { status: 201, body: server, headers: { Location: `/api/v1/authorization-servers/${server.id}` } };
});

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers");
