import { deleteAuthorizationServer, getAuthorizationServer, updateAuthorizationServer } from "@/lib/management/authorization-servers";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getAuthorizationServer, async ({ params }) => ({
  status: 200,
  body: await getAuthorizationServer(params.id),
}));

export const PATCH = endpoint(operations.updateAuthorizationServer, async ({ params, body, preconditions, principal }) => ({
  status: 200,
  body: await updateAuthorizationServer(params.id, body, principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteAuthorizationServer, async ({ params, preconditions, principal }) => {
  await deleteAuthorizationServer(params.id, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, POST, PUT } = otherMethods("/authorization-servers/{id}");
