import { deleteApi, getApi } from "@/lib/management/apis";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getApi, async ({ params }) => ({ status: 200, body: await getApi(params.id) }));

export const DELETE = endpoint(operations.deleteApi, async ({ params, ifMatch, principal }) => {
  await deleteApi(params.id, ifMatch, principal.name);
  return { status: 204 };
});
