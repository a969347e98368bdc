import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { listGateways } from "@/lib/management/operation";

export const GET = endpoint(operations.listGateways, async () => ({ status: 200, body: listGateways() }));
