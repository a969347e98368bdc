import { OPENAPI_BYTES_MAX } from "@/lib/definition/openapi";
import { deleteDocument, getDocument, putDocument } from "@/lib/management/api-document";
import { operations } from "@/lib/management/contract/operations";
import { readText } from "@/lib/management/http/body";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getOpenApi, async ({ params }) => ({ status: 200, body: await getDocument(params.id) }));

export const PUT = endpoint(operations.putOpenApi, async ({ params, request, preconditions, principal }) => ({
  status: 200,
  body: await putDocument(params.id, await readText(request, OPENAPI_BYTES_MAX), principal.name, preconditions),
}));

export const DELETE = endpoint(operations.deleteOpenApi, async ({ params, preconditions, principal }) => {
  await deleteDocument(params.id, principal.name, preconditions);
  return { status: 204 };
});

export const { OPTIONS, PATCH, POST } = otherMethods("/apis/{id}/openapi");
