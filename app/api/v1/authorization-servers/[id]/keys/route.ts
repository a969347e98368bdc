import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { listSigningKeys } from "@/lib/management/keys";

export const GET = endpoint(operations.listKeys, async ({ params, query }) => ({
  status: 200,
  body: await listSigningKeys(params.id, query),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/authorization-servers/{id}/keys");
