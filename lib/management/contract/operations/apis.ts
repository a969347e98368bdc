import { z } from "zod";
import * as apis from "@/lib/management/contract/apis";
import { pageQuerySchema } from "@/lib/management/contract/common";
import { byId, operation } from "@/lib/management/contract/operation";

/** Operations on APIs and their drafts. */
export const apiOperations = {
  listApis: operation({
    method: "GET",
    path: "/apis",
    summary: "List APIs",
    tag: "APIs",
    query: pageQuerySchema,
    status: 200,
    response: apis.apiListSchema,
  }),
  createApi: operation({
    method: "POST",
    path: "/apis",
    summary: "Create an API from a definition",
    tag: "APIs",
    body: apis.definitionDocumentSchema,
    status: 201,
    response: apis.apiSchema,
    failures: [409],
  }),
  getApi: operation({
    method: "GET",
    path: "/apis/{id}",
    summary: "Get an API",
    tag: "APIs",
    params: byId,
    status: 200,
    response: apis.apiSchema,
  }),
  deleteApi: operation({
    method: "DELETE",
    path: "/apis/{id}",
    summary: "Delete and undeploy an API",
    tag: "APIs",
    params: byId,
    ifMatch: "optional",
    status: 204,
    response: null,
    failures: [412],
  }),
  getDefinition: operation({
    method: "GET",
    path: "/apis/{id}/definition",
    summary: "Get the draft",
    tag: "APIs",
    params: byId,
    etag: true,
    status: 200,
    response: apis.definitionDocumentSchema,
  }),
  putDefinition: operation({
    method: "PUT",
    path: "/apis/{id}/definition",
    summary: "Replace the draft",
    tag: "APIs",
    params: byId,
    body: apis.definitionDocumentSchema,
    ifMatch: "required",
    etag: true,
    status: 200,
    response: apis.definitionDocumentSchema,
    failures: [409, 412, 428],
  }),
  importApi: operation({
    method: "POST",
    path: "/apis/import",
    summary: "Create an API from a document (JSON or YAML)",
    tag: "APIs",
    query: z.object({
      format: z
        .enum(["gatewright"], {
          error: "Only the gatewright format can be imported. To attach an OpenAPI document, use PUT /api/v1/apis/{id}/openapi.",
        })
        .optional(),
    }),
    body: "raw",
    status: 201,
    response: apis.importResponseSchema,
    failures: [409, 413],
  }),
  exportApi: operation({
    method: "GET",
    path: "/apis/{id}/export",
    summary: "Export the draft without secrets",
    tag: "APIs",
    params: byId,
    query: z.object({
      format: z.enum(["json", "yaml", "postman", "curl"], { error: "json, yaml, postman or curl." }).default("yaml").meta({
        description: "`postman`: collection (v2.1) with the token request and every operation. `curl`: the same as a shell script.",
      }),
    }),
    status: 200,
    response: apis.definitionDocumentSchema,
    respondsText: true,
  }),
};
