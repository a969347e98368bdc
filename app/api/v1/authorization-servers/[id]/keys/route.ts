import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { listSigningKeys } from "@/lib/management/keys";

export const GET = endpoint(operations.listKeys, async ({ params, query }) => ({
  status: 200,
  body: await listSigningKeys(params.id, query),
}));
