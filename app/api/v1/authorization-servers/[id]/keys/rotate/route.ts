import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { rotateSigningKeys } from "@/lib/management/keys";

export const POST = endpoint(operations.rotateKeys, async ({ params, principal }) => ({
  status: 200,
  body: await rotateSigningKeys(params.id, principal.name),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/authorization-servers/{id}/keys/rotate");
