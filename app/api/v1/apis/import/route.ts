import { operations } from "@/lib/management/contract/operations";
import { importApi } from "@/lib/management/exchange";
import { readText } from "@/lib/management/http/body";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.importApi, async ({ request, principal }) => {
  const api = await importApi(await readText(request), principal.name);
  return { status: 201, body: api, headers: { ETag: api.etag, Location: `/api/v1/apis/${api.id}` } };
});

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/apis/import");
