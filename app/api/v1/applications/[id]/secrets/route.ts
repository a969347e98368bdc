import { createSecret } from "@/lib/management/applications";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.createSecret, async ({ params, principal }) => ({
  status: 201,
  body: await createSecret(params.id, principal.name),
}));
