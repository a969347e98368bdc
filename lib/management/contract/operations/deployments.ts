import { z } from "zod";
import * as apis from "@/lib/management/contract/apis";
import { deploymentNumberSchema, idSchema, pageQuerySchema } from "@/lib/management/contract/common";
import { deploymentGatewaysSchema } from "@/lib/management/contract/gateways";
import { byId, operation } from "@/lib/management/contract/operation";

const byNumber = z.object({ id: idSchema, number: deploymentNumberSchema });

/** Operations on deployments, and test requests to them. */
export const deploymentOperations = {
  getChanges: operation({
    method: "GET",
    path: "/apis/{id}/changes",
    summary: "Describe the changes between two deployments, or between the active one and the draft",
    tag: "Deployments",
    params: byId,
    query: z.object({ from: deploymentNumberSchema.optional(), to: deploymentNumberSchema.optional() }),
    status: 200,
    response: apis.changesSchema,
  }),
  listDeployments: operation({
    method: "GET",
    path: "/apis/{id}/deployments",
    summary: "List deployments, newest first",
    tag: "Deployments",
    params: byId,
    query: pageQuerySchema,
    status: 200,
    response: apis.deploymentListSchema,
  }),
  deployApi: operation({
    method: "POST",
    path: "/apis/{id}/deployments",
    summary: "Deploy the draft",
    tag: "Deployments",
    params: byId,
    query: apis.deployQuerySchema,
    body: apis.deployBodySchema,
    ifMatch: "optional",
    status: 201,
    response: apis.deployResponseSchema,
    failures: [409, 412],
  }),
  getDeployment: operation({
    method: "GET",
    path: "/apis/{id}/deployments/{number}",
    summary: "Get a deployment",
    tag: "Deployments",
    params: byNumber,
    etag: true,
    status: 200,
    response: apis.deploymentWithDefinitionSchema,
  }),
  rollbackApi: operation({
    method: "POST",
    path: "/apis/{id}/deployments/{number}/rollback",
    summary: "Restore a deployment as the draft, and deploy it under a new number",
    tag: "Deployments",
    params: byNumber,
    query: apis.deployQuerySchema,
    ifMatch: "optional",
    status: 201,
    response: apis.deploymentSchema,
    failures: [409, 412],
  }),
  undeployApi: operation({
    method: "DELETE",
    path: "/apis/{id}/deployments/active",
    summary: "Undeploy the API",
    tag: "Deployments",
    params: byId,
    ifMatch: "optional",
    status: 204,
    response: null,
    failures: [412],
  }),
  tryApi: operation({
    method: "POST",
    path: "/apis/{id}/try",
    summary: "Send a request through the embedded gateway",
    tag: "APIs",
    params: byId,
    body: apis.tryBodySchema,
    status: 200,
    response: apis.tryResponseSchema,
    failures: [409],
  }),
  listDeploymentGateways: operation({
    method: "GET",
    path: "/apis/{id}/deployments/{number}/gateways",
    summary: "List the gateways a deployment is running on",
    tag: "Deployments",
    params: byNumber,
    status: 200,
    response: deploymentGatewaysSchema,
  }),
};
