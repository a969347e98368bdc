import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { rollbackApi } from "@/lib/management/deployments";

export const POST = endpoint(operations.rollbackApi, async ({ params, ifMatch, principal }) => ({
  status: 201,
  body: await rollbackApi(params.id, params.number, ifMatch, principal.name),
}));
