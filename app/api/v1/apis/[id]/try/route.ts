import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { tryCall } from "@/lib/management/try-call";

export const POST = endpoint(operations.tryApi, async ({ params, body }) => ({ status: 200, body: await tryCall(params.id, body) }));

export const { DELETE, GET, OPTIONS, PATCH, PUT } = otherMethods("/apis/{id}/try");
