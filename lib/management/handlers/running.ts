import { listActivity } from "../activity";
import type { runningOperations } from "../contract/operations/running";
import { listGateways } from "../gateways";
import type { HandlersOf } from "./handler";

export const runningHandlers: HandlersOf<typeof runningOperations> = {
  listActivity: ({ query }) => listActivity(query),
  listGateways: ({ query }) => listGateways(query),
};
