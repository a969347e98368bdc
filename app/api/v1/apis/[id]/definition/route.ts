import { getDefinition, putDefinition } from "@/lib/management/apis";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getDefinition, async ({ params }) => {
  const { definition, etag } = await getDefinition(params.id);
  return { status: 200, body: definition, headers: { ETag: etag } };
});

export const PUT = endpoint(operations.putDefinition, async ({ params, body, ifMatch, principal }) => {
  const { definition, etag } = await putDefinition(params.id, body, ifMatch, principal.name);
  return { status: 200, body: definition, headers: { ETag: etag } };
});
