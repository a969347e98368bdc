import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { previewTokenOf } from "@/lib/management/token-preview";

export const POST = endpoint(operations.previewToken, async ({ params, body }) => ({
  status: 200,
  body: await previewTokenOf(params.id, body),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/token-preview");
