import { operations } from "@/lib/management/contract/operations";
import { listGateways } from "@/lib/management/gateways";
import { endpoint } from "@/lib/management/http/endpoint";

export const GET = endpoint(operations.listGateways, async ({ query }) => ({ status: 200, body: await listGateways(query) }));
