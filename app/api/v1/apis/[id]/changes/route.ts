import { operations } from "@/lib/management/contract/operations";
import { getChanges } from "@/lib/management/deployments";
import { endpoint } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getChanges, async ({ params, query }) => ({
  status: 200,
  body: await getChanges(params.id, query),
}));
