import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { rotateSigningKeys } from "@/lib/management/keys";

export const POST = endpoint(operations.rotateKeys, async ({ params, principal }) => ({
  status: 200,
  body: await rotateSigningKeys(params.id, principal.name),
}));
