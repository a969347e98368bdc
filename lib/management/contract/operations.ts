import type { Operation } from "./operation";
import { accessOperations } from "./operations/access";
import { apiOperations } from "./operations/apis";
import { applicationOperations } from "./operations/applications";
import { authorizationServerOperations } from "./operations/authorization-servers";
import { deploymentOperations } from "./operations/deployments";
import { endpointOperations } from "./operations/endpoints";
import { runningOperations } from "./operations/running";
import { serverPartOperations } from "./operations/server-parts";

/** Every operation of the management API, by its operation ID. */
export const operations = {
  ...apiOperations,
  ...accessOperations,
  ...deploymentOperations,
  ...endpointOperations,
  ...authorizationServerOperations,
  ...serverPartOperations,
  ...applicationOperations,
  ...runningOperations,
} satisfies Record<string, Operation>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
