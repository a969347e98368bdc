import { getDraft, putDefinition } from "@/lib/management/apis";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getDefinition, async ({ params }) => {
  const { document, etag } = await getDraft(params.id);
  return { status: 200, body: document, headers: { ETag: etag } };
});

export const PUT = endpoint(operations.putDefinition, async ({ params, body, preconditions, principal }) => {
  const { definition, etag } = await putDefinition(params.id, body, preconditions, principal.name);
  return { status: 200, body: definition, headers: { ETag: etag } };
});

export const { DELETE, OPTIONS, PATCH, POST } = otherMethods("/apis/{id}/definition");
