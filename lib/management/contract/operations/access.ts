import { z } from "zod";
import * as access from "@/lib/management/contract/access";
import { pageQuerySchema } from "@/lib/management/contract/common";
import { byId, operation } from "@/lib/management/contract/operation";

const which = { of: z.enum(["draft", "deployed"], { error: "draft or deployed." }).default("draft") };

/** What an API's operations require, and the OpenAPI document that names them. */
export const accessOperations = {
  getOpenApi: operation({
    method: "GET",
    path: "/apis/{id}/openapi",
    summary: "Read the API's OpenAPI document and the operations in it",
    tag: "APIs",
    params: byId,
    status: 200,
    response: access.apiDocumentSchema,
  }),
  putOpenApi: operation({
    method: "PUT",
    path: "/apis/{id}/openapi",
    summary: "Attach an OpenAPI document (3.0 or 3.1, JSON or YAML), or replace it",
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
    summary: "What each operation asks of its clients, computed by the gateway's own code, and which applications can call it",
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
    summary: "How many operations need no token, a token, or scopes",
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
    summary: "List the operations, each with what it asks, without applications",
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
    summary: "What the gateway would answer a page of another origin, and why",
    tag: "APIs",
    params: byId,
    body: access.corsCheckBodySchema,
    status: 200,
    response: access.corsCheckSchema,
  }),
};
