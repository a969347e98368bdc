import { getAccess } from "@/lib/management/access";
import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getAccess, async ({ params, query }) => ({
  status: 200,
  body: await getAccess(params.id, query.of, query),
}));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/apis/{id}/access");
