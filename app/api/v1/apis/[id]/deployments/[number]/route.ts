import { operations } from "@/lib/management/contract/operations";
import { getDeployment } from "@/lib/management/deployments";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getDeployment, async ({ params }) => {
  const { view, etag } = await getDeployment(params.id, params.number);
  return { status: 200, body: view, headers: { ETag: etag } };
});

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/deployments/{number}");
