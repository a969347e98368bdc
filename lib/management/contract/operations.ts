import { z } from "zod";
import * as apis from "./apis";
import * as authorization from "./authorization";
import { deploymentNumberSchema, idSchema, pageQuerySchema } from "./common";
import { gatewayListSchema } from "./gateways";

/** One call of the management API: what goes in, what comes out. Routes, checks and openapi.json come from it. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** `raw`: the handler reads the body itself, because it need not be JSON. */
  body?: z.ZodType | "raw";
  /** `required`: 428 without it. `optional`: checked when it is sent. */
  ifMatch?: "required" | "optional";
  /** The statuses of success, each with its body. */
  responses: Record<number, z.ZodType | null>;
  /** The statuses of failure besides 400, 401 and 404. */
  failures?: readonly (409 | 412 | 413 | 428 | 503)[];
}

const operation = <const T extends Operation>(value: T): T => value;

const byId = z.object({ id: idSchema });

export const operations = {
  listApis: operation({
    method: "GET",
    path: "/apis",
    summary: "List the APIs",
    tag: "APIs",
    query: pageQuerySchema,
    responses: { 200: apis.apiListSchema },
  }),
  createApi: operation({
    method: "POST",
    path: "/apis",
    summary: "Create an API from a definition",
    tag: "APIs",
    body: apis.definitionDocumentSchema,
    responses: { 201: apis.apiSchema },
    failures: [409],
  }),
  getApi: operation({
    method: "GET",
    path: "/apis/{id}",
    summary: "Read an API",
    tag: "APIs",
    params: byId,
    responses: { 200: apis.apiSchema },
  }),
  deleteApi: operation({
    method: "DELETE",
    path: "/apis/{id}",
    summary: "Delete an API, which undeploys it",
    tag: "APIs",
    params: byId,
    ifMatch: "optional",
    responses: { 204: null },
    failures: [412],
  }),
  getDefinition: operation({
    method: "GET",
    path: "/apis/{id}/definition",
    summary: "Read the draft",
    tag: "APIs",
    params: byId,
    responses: { 200: apis.definitionDocumentSchema },
  }),
  putDefinition: operation({
    method: "PUT",
    path: "/apis/{id}/definition",
    summary: "Replace the draft",
    tag: "APIs",
    params: byId,
    body: apis.definitionDocumentSchema,
    ifMatch: "required",
    responses: { 200: apis.definitionDocumentSchema },
    failures: [409, 412, 428],
  }),
  importApi: operation({
    method: "POST",
    path: "/apis/import",
    summary: "Create an API from a document (JSON or YAML)",
    tag: "APIs",
    query: z.object({ format: z.enum(["gatewright"], { error: "This version imports its own format: gatewright." }).optional() }),
    body: "raw",
    responses: { 201: apis.importAnswerSchema },
    failures: [409, 413],
  }),
  exportApi: operation({
    method: "GET",
    path: "/apis/{id}/export",
    summary: "Export the draft without secrets",
    tag: "APIs",
    params: byId,
    query: z.object({ format: z.enum(["json", "yaml"], { error: "json or yaml." }).default("yaml") }),
    responses: { 200: apis.definitionDocumentSchema },
  }),
  getChanges: operation({
    method: "GET",
    path: "/apis/{id}/changes",
    summary: "What changed between two deployments, or between the active one and the draft, in words",
    tag: "Deployments",
    params: byId,
    query: z.object({ from: deploymentNumberSchema.optional(), to: deploymentNumberSchema.optional() }),
    responses: { 200: apis.changesSchema },
  }),
  listDeployments: operation({
    method: "GET",
    path: "/apis/{id}/deployments",
    summary: "List the deployments, newest first",
    tag: "Deployments",
    params: byId,
    query: pageQuerySchema,
    responses: { 200: apis.deploymentListSchema },
  }),
  deployApi: operation({
    method: "POST",
    path: "/apis/{id}/deployments",
    summary: "Deploy the draft",
    tag: "Deployments",
    params: byId,
    body: apis.deployBodySchema,
    ifMatch: "optional",
    responses: { 201: apis.deploymentSchema },
    failures: [409, 412],
  }),
  getDeployment: operation({
    method: "GET",
    path: "/apis/{id}/deployments/{number}",
    summary: "Read a deployment",
    tag: "Deployments",
    params: z.object({ id: idSchema, number: deploymentNumberSchema }),
    responses: { 200: apis.deploymentWithDefinitionSchema },
  }),
  rollbackApi: operation({
    method: "POST",
    path: "/apis/{id}/deployments/{number}/rollback",
    summary: "Restore a deployment as the draft and deploy it as a new number",
    tag: "Deployments",
    params: z.object({ id: idSchema, number: deploymentNumberSchema }),
    ifMatch: "optional",
    responses: { 201: apis.deploymentSchema },
    failures: [409, 412],
  }),
  undeployApi: operation({
    method: "DELETE",
    path: "/apis/{id}/deployments/active",
    summary: "Undeploy",
    tag: "Deployments",
    params: byId,
    responses: { 204: null },
  }),
  tryApi: operation({
    method: "POST",
    path: "/apis/{id}/try",
    summary: "Run one call through this process's gateway",
    tag: "APIs",
    params: byId,
    body: apis.tryBodySchema,
    responses: { 200: apis.tryAnswerSchema },
    failures: [409],
  }),
  listAuthorizationServers: operation({
    method: "GET",
    path: "/authorization-servers",
    summary: "List the authorization servers",
    tag: "Authorization servers",
    query: pageQuerySchema,
    responses: { 200: authorization.authorizationServerListSchema },
  }),
  createAuthorizationServer: operation({
    method: "POST",
    path: "/authorization-servers",
    summary: "Create an authorization server with its own signing key",
    tag: "Authorization servers",
    body: authorization.authorizationServerBodySchema,
    responses: { 201: authorization.authorizationServerSchema },
    failures: [409],
  }),
  getAuthorizationServer: operation({
    method: "GET",
    path: "/authorization-servers/{id}",
    summary: "Read an authorization server",
    tag: "Authorization servers",
    params: byId,
    responses: { 200: authorization.authorizationServerSchema },
  }),
  listScopes: operation({
    method: "GET",
    path: "/authorization-servers/{id}/scopes",
    summary: "List the scopes",
    tag: "Authorization servers",
    params: byId,
    query: pageQuerySchema,
    responses: { 200: authorization.scopeListSchema },
  }),
  createScope: operation({
    method: "POST",
    path: "/authorization-servers/{id}/scopes",
    summary: "Create a scope",
    tag: "Authorization servers",
    params: byId,
    body: authorization.scopeBodySchema,
    responses: { 201: authorization.scopeViewSchema },
    failures: [409],
  }),
  deleteScope: operation({
    method: "DELETE",
    path: "/authorization-servers/{id}/scopes/{scopeId}",
    summary: "Delete a scope",
    tag: "Authorization servers",
    params: z.object({ id: idSchema, scopeId: idSchema }),
    responses: { 204: null },
  }),
  listApplications: operation({
    method: "GET",
    path: "/applications",
    summary: "List the applications",
    tag: "Applications",
    query: pageQuerySchema,
    responses: { 200: authorization.applicationListSchema },
  }),
  createApplication: operation({
    method: "POST",
    path: "/applications",
    summary: "Create an application; its client secret is answered this once",
    tag: "Applications",
    body: authorization.applicationBodySchema,
    responses: { 201: authorization.applicationCreatedSchema },
  }),
  getApplication: operation({
    method: "GET",
    path: "/applications/{id}",
    summary: "Read an application",
    tag: "Applications",
    params: byId,
    responses: { 200: authorization.applicationSchema },
  }),
  updateApplication: operation({
    method: "PATCH",
    path: "/applications/{id}",
    summary: "Rename an application, change its scopes, switch it on or off",
    tag: "Applications",
    params: byId,
    body: authorization.applicationPatchSchema,
    responses: { 200: authorization.applicationSchema },
  }),
  deleteApplication: operation({
    method: "DELETE",
    path: "/applications/{id}",
    summary: "Delete an application",
    tag: "Applications",
    params: byId,
    responses: { 204: null },
  }),
  createSecret: operation({
    method: "POST",
    path: "/applications/{id}/secrets",
    summary: "Add a client secret, at most two at a time",
    tag: "Applications",
    params: byId,
    responses: { 201: authorization.secretCreatedSchema },
    failures: [409],
  }),
  deleteSecret: operation({
    method: "DELETE",
    path: "/applications/{id}/secrets/{secretId}",
    summary: "Delete a client secret",
    tag: "Applications",
    params: z.object({ id: idSchema, secretId: idSchema }),
    responses: { 204: null },
  }),
  issueToken: operation({
    method: "POST",
    path: "/applications/{id}/token",
    summary: "Issue a token of at most five minutes, by the issuing code",
    tag: "Applications",
    params: byId,
    body: authorization.tokenBodySchema,
    responses: { 200: authorization.tokenAnswerSchema },
    failures: [409],
  }),
  listActivity: operation({
    method: "GET",
    path: "/activity",
    summary: "Who did what, newest first",
    tag: "Operation",
    query: pageQuerySchema,
    responses: { 200: authorization.activityListSchema },
  }),
  listGateways: operation({
    method: "GET",
    path: "/gateways",
    summary: "The gateways and the deployment numbers that they run",
    tag: "Operation",
    query: pageQuerySchema,
    responses: { 200: gatewayListSchema },
  }),
} satisfies Record<string, Operation>;

export type Operations = typeof operations;
