import { accessHandlers } from "./access";
import { apiHandlers } from "./apis";
import { applicationHandlers } from "./applications";
import { authorizationServerHandlers } from "./authorization-servers";
import { deploymentHandlers } from "./deployments";
import { endpointHandlers } from "./endpoints";
import type { Handlers } from "./handler";
import { runningHandlers } from "./running";
import { serverPartHandlers } from "./server-parts";

/** The handler of every management API operation. */
export const handlers: Handlers = {
  ...apiHandlers,
  ...accessHandlers,
  ...deploymentHandlers,
  ...endpointHandlers,
  ...authorizationServerHandlers,
  ...serverPartHandlers,
  ...applicationHandlers,
  ...runningHandlers,
};
