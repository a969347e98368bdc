import * as authorization from "@/lib/management/contract/authorization";
import { pageQuerySchema } from "@/lib/management/contract/common";
import { gatewayListSchema } from "@/lib/management/contract/gateways";
import { operation } from "@/lib/management/contract/operation";

/** Operations on the activity log and the gateways. */
export const runningOperations = {
  listActivity: operation({
    method: "GET",
    path: "/activity",
    summary: "List activity, newest first",
    tag: "Operation",
    query: pageQuerySchema,
    status: 200,
    response: authorization.activityListSchema,
  }),
  listGateways: operation({
    method: "GET",
    path: "/gateways",
    summary: "List gateways and their deployments",
    tag: "Operation",
    query: pageQuerySchema,
    status: 200,
    response: gatewayListSchema,
  }),
};
