import { getAuthorizationServer } from "@/lib/management/authorization-servers";
import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.getAuthorizationServer, async ({ params }) => ({
  status: 200,
  body: await getAuthorizationServer(params.id),
}));
