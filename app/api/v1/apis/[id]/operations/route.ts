import { listOperations } from "@/lib/management/access";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listOperations, async ({ params, query }) => ({
  status: 200,
  body: await listOperations(params.id, query.of, query),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/operations");
