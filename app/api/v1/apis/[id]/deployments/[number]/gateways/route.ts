import { operations } from "@/lib/management/contract/operations";
import { listDeploymentGateways } from "@/lib/management/gateways";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listDeploymentGateways, async ({ params }) => ({
  status: 200,
  body: await listDeploymentGateways(params.id, params.number),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/deployments/{number}/gateways");
