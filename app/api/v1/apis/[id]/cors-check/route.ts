import { operations } from "@/lib/management/contract/operations";
import { checkApiCors } from "@/lib/management/cors-check";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const POST = endpoint(operations.checkCors, async ({ params, body }) => ({
  status: 200,
  body: await checkApiCors(params.id, body),
}));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/apis/{id}/cors-check");
