import { operations } from "@/lib/management/contract/operations";
import { deployApi, listDeployments } from "@/lib/management/deployments";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listDeployments, async ({ params, query }) => ({
  status: 200,
  body: await listDeployments(params.id, query),
}));

export const POST = endpoint(operations.deployApi, async ({ params, query, body, preconditions, principal }) => {
  const deployed = await deployApi(params.id, body.label, preconditions, principal.name, query);
  return { status: 201, body: deployed };
});

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/apis/{id}/deployments");
