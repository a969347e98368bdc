import { operations } from "@/lib/management/contract/operations";
import { endpoint, otherMethods } from "@/lib/management/http/endpoint";
import { listActivity } from "@/lib/management/operation";

export const GET = endpoint(operations.listActivity, async ({ query }) => ({ status: 200, body: await listActivity(query) }));

export const { DELETE, OPTIONS, PATCH, POST, PUT } = otherMethods("/activity");
