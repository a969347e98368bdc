import { operations } from "@/lib/management/contract/operations";
import { getChanges } from "@/lib/management/deployments";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getChanges, async ({ params, query }) => ({
  status: 200,
  body: await getChanges(params.id, query),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/changes");
