import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { tryCall } from "@/lib/management/try-call";

export const POST = endpoint(operations.tryApi, async ({ params, body }) => ({ status: 200, body: await tryCall(params.id, body) }));
