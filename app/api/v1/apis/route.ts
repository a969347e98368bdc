import { createApi, listApis } from "@/lib/management/apis";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listApis, async ({ query }) => ({ status: 200, body: await listApis(query) }));

export const POST = endpoint(operations.createApi, async ({ body, principal }) => {
  const api = await createApi(body, principal.name);
  return { status: 201, body: api, headers: { ETag: api.etag, Location: `/api/v1/apis/${api.id}` } };
});

export const { DELETE, OPTIONS, PATCH, PUT } = otherMethods("/apis");
