import { operations } from "@/lib/management/contract/operations";
import { listGateways } from "@/lib/management/gateways";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listGateways, async ({ query }) => ({ status: 200, body: await listGateways(query) }));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/gateways");
