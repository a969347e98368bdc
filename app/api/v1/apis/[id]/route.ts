import { deleteApi, getApi } from "@/lib/management/apis";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getApi, async ({ params }) => {
  const { view, etag } = await getApi(params.id);
  return { status: 200, body: view, headers: { ETag: etag } };
});

export const DELETE = endpoint(operations.deleteApi, async ({ params, preconditions, principal }) => {
  await deleteApi(params.id, preconditions, principal.name);
  return { status: 204 };
});

export const { OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}");
