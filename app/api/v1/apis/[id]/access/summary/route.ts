import { getAccessSummary } from "@/lib/management/access";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getAccessSummary, async ({ params, query }) => ({
  status: 200,
  body: await getAccessSummary(params.id, query.of),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/access/summary");
