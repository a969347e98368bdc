import { operations } from "@/lib/management/contract/operations";
import { undeployApi } from "@/lib/management/deployments";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const DELETE = endpoint(operations.undeployApi, async ({ params, preconditions, principal }) => {
  await undeployApi(params.id, principal.name, preconditions);
  return { status: 204 };
});

export const { GET, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/deployments/active");
