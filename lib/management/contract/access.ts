import { z } from "zod";
import { etagSchema, idSchema, pageOf, timeSchema } from "./common";

/** One operation of an API. */
const operationSchema = z.object({
  method: z.string(),
  path: z.string().meta({ description: "Path below the context path; parameters as `:id`." }),
  summary: z.string(),
});

export const apiDocumentSchema = z
  .object({
    title: z.string(),
    version: z.string(),
    specification: z.string().meta({ description: "OpenAPI version of the document." }),
    operations: z.array(operationSchema),
    warnings: z.array(z.string()).meta({ description: "Parts that couldn't be read as operations." }),
    text: z.string().meta({ description: "The document as attached." }),
    updatedAt: timeSchema,
    updatedBy: z.string(),
    etag: etagSchema,
  })
  .meta({ id: "ApiDocument" });
export type ApiDocumentView = z.output<typeof apiDocumentSchema>;

/** The access an operation requires. `credential`: a credential other than a token. `refused`: the gateway rejects every request. */
export const accessLevelSchema = z.enum(["anonymous", "credential", "token", "scopes", "refused"]);
export type AccessLevel = z.output<typeof accessLevelSchema>;

export const accessOperationSchema = operationSchema
  .extend({
    sources: z.array(z.enum(["openapi", "flow"])).meta({ description: "Where the operation is defined." }),
    access: accessLevelSchema,
    isWrite: z.boolean().meta({ description: "Whether it may change data: any method except GET, HEAD, and OPTIONS." }),
    requirements: z
      .array(
        z.union([
          z
            .object({
              flow: z.string(),
              step: z.string(),
              resource: z.string(),
              scopes: z.array(z.string()),
              scopeMode: z.enum(["all", "any"]),
            })
            .meta({ description: "A token that the resource accepts." }),
          z
            .object({ flow: z.string(), step: z.string(), credential: z.string() })
            .meta({ description: "Another credential, such as an API key." }),
        ]),
      )
      .meta({ description: "Required credentials and the steps that require them, in order." }),
    applications: z
      .array(
        z.object({
          id: idSchema,
          name: z.string(),
          clientId: z.string(),
          environment: z.enum(["production", "sandbox"]),
          can: z.boolean(),
          why: z.string().meta({ description: "Reason if it can't; otherwise empty." }),
        }),
      )
      .meta({
        description:
          "Applications of Gatewright authorization servers. Empty for anonymous operations and if only external servers validate the token. Long lists are truncated; applications that can call come first.",
      }),
    applicationCount: z.int().meta({ description: "Number of all such applications." }),
    canCount: z.int().meta({ description: "Number of them that can call." }),
    foreign: z.boolean().meta({ description: "Whether an external authorization server validates the token: its clients are unknown." }),
  })
  .meta({ id: "AccessOperation" });
export type AccessOperationView = z.output<typeof accessOperationSchema>;

export const accessSchema = z
  .object({
    of: z.enum(["draft", "deployed"]),
    deployment: z.int().nullable(),
    hasDocument: z.boolean(),
    flowSelection: z.enum(["all", "best"]),
    operations: z.array(accessOperationSchema),
    nextCursor: z.string().nullable(),
    everythingElse: accessLevelSchema.meta({ description: "Access that all other paths require." }),
  })
  .meta({ id: "Access" });
export type AccessView = z.output<typeof accessSchema>;

/** Operations by access level. */
export const accessSummarySchema = z
  .object({
    of: z.enum(["draft", "deployed"]),
    deployment: z.int().nullable(),
    hasDocument: z.boolean(),
    operations: z.int(),
    anonymous: z.int().meta({ description: "Number that require no credential and only read." }),
    anonymousWrites: z.int().meta({ description: "Number that require no credential and may change data." }),
    credential: z.int().meta({ description: "Number that require a credential other than a token." }),
    token: z.int(),
    scopes: z.int(),
    refused: z.int(),
    everythingElse: accessLevelSchema,
  })
  .meta({ id: "AccessSummary" });
export type AccessSummaryView = z.output<typeof accessSummarySchema>;

/** An operation with its access level only, for menus. */
export const operationLevelSchema = operationSchema
  .extend({ access: accessLevelSchema, isWrite: z.boolean() })
  .meta({ id: "OperationLevel" });
export type OperationLevelView = z.output<typeof operationLevelSchema>;
export const operationListSchema = pageOf(operationLevelSchema);

export const corsCheckBodySchema = z.strictObject({
  origin: z.string().trim().min(1, "Give an origin, for example https://shop.example.").max(300),
  method: z.string().trim().min(1, "Give a method.").max(20).default("GET"),
  headers: z
    .array(z.string().trim().max(100))
    .max(50, "At most 50 headers.")
    .default([])
    .meta({ description: "Headers that the page sends." }),
  credentials: z.boolean().default(false).meta({ description: "Whether the page sends cookies or other credentials." }),
  of: z.enum(["draft", "deployed"]).default("draft"),
});
export const corsCheckSchema = z
  .object({
    allowed: z.boolean(),
    reasons: z.array(z.string()).meta({ description: "Reasons for the browser's decision, as sentences." }),
    preflight: z
      .object({ needed: z.boolean(), status: z.int(), headers: z.array(z.object({ name: z.string(), value: z.string() })) })
      .meta({ description: "Response to the preflight request, if the browser sends one." }),
    response: z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })) }).meta({
      description: "CORS headers of the response to the request itself.",
    }),
  })
  .meta({ id: "CorsCheck" });
export type CorsCheckView = z.output<typeof corsCheckSchema>;
