import { operations } from "@/lib/management/contract/operations";
import { endpoint } from "@/lib/management/http/endpoint";
import { getDeployment } from "@/lib/management/deployments";

export const GET = endpoint(operations.getDeployment, async ({ params }) => ({ status: 200, body: await getDeployment(params.id, params.number) }));
