import { z } from "zod";
import * as access from "@/lib/management/contract/access";
import { pageQuerySchema } from "@/lib/management/contract/common";
import { byId, operation } from "@/lib/management/contract/operation";

const which = { of: z.enum(["draft", "deployed"], { error: "draft or deployed." }).default("draft") };

/** Operations on an API's access requirements and its OpenAPI document. */
export const accessOperations = {
  getOpenApi: operation({
    method: "GET",
    path: "/apis/{id}/openapi",
    summary: "Get the OpenAPI document and its operations",
    tag: "APIs",
    params: byId,
    status: 200,
    response: access.apiDocumentSchema,
  }),
  putOpenApi: operation({
    method: "PUT",
    path: "/apis/{id}/openapi",
    summary: "Attach or replace the OpenAPI document (3.0 or 3.1, JSON or YAML)",
    tag: "APIs",
    params: byId,
    body: "raw",
    ifMatch: "optional",
    status: 200,
    response: access.apiDocumentSchema,
    failures: [412, 413],
  }),
  deleteOpenApi: operation({
    method: "DELETE",
    path: "/apis/{id}/openapi",
    summary: "Remove the OpenAPI document",
    tag: "APIs",
    params: byId,
    ifMatch: "optional",
    status: 204,
    response: null,
    failures: [412],
  }),
  getAccess: operation({
    method: "GET",
    path: "/apis/{id}/access",
    summary: "List the access each operation requires and the applications that have it, as the gateway evaluates it",
    tag: "APIs",
    params: byId,
    query: pageQuerySchema.extend(which),
    status: 200,
    response: access.accessSchema,
    failures: [409],
  }),
  getAccessSummary: operation({
    method: "GET",
    path: "/apis/{id}/access/summary",
    summary: "Count operations by access level",
    tag: "APIs",
    params: byId,
    query: z.object(which),
    status: 200,
    response: access.accessSummarySchema,
    failures: [409],
  }),
  listOperations: operation({
    method: "GET",
    path: "/apis/{id}/operations",
    summary: "List operations with their access levels, without applications",
    tag: "APIs",
    params: byId,
    query: pageQuerySchema.extend(which),
    status: 200,
    response: access.operationListSchema,
    failures: [409],
  }),
  checkCors: operation({
    method: "POST",
    path: "/apis/{id}/cors-check",
    summary: "Simulate a cross-origin request and explain the result",
    tag: "APIs",
    params: byId,
    body: access.corsCheckBodySchema,
    status: 200,
    response: access.corsCheckSchema,
  }),
};
