import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { undeployApi } from "@/lib/management/deployments";

export const DELETE = endpoint(operations.undeployApi, async ({ params, principal }) => {
  await undeployApi(params.id, principal.name);
  return { status: 204 };
});
