import { z } from "zod";
import { etagSchema, idSchema, pageOf, timeSchema } from "./common";

/** One operation of an API: what a caller can ask for. */
const operationSchema = z.object({
  method: z.string(),
  path: z.string().meta({ description: "Below the context path; parameters as `:id`." }),
  summary: z.string(),
});

export const apiDocumentSchema = z
  .object({
    title: z.string(),
    version: z.string(),
    specification: z.string().meta({ description: "The version of OpenAPI that it is written in." }),
    operations: z.array(operationSchema),
    warnings: z.array(z.string()).meta({ description: "What could not be read as an operation." }),
    text: z.string().meta({ description: "The document as it was given." }),
    updatedAt: timeSchema,
    updatedBy: z.string(),
    etag: etagSchema,
  })
  .meta({ id: "ApiDocument" });
export type ApiDocumentView = z.output<typeof apiDocumentSchema>;

/** What an operation asks of its callers. `credential`: something else than a token. `refused`: the gateway answers no call of it. */
export const accessLevelSchema = z.enum(["anonymous", "credential", "token", "scopes", "refused"]);
export type AccessLevel = z.output<typeof accessLevelSchema>;

export const accessOperationSchema = operationSchema
  .extend({
    sources: z.array(z.enum(["openapi", "flow"])).meta({ description: "Where the operation is known from." }),
    access: accessLevelSchema,
    isWrite: z.boolean().meta({ description: "It may change something: any method but GET, HEAD and OPTIONS." }),
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
            .meta({ description: "A token that a resource of the API accepts." }),
          z
            .object({ flow: z.string(), step: z.string(), credential: z.string() })
            .meta({ description: "Another credential, such as an API key." }),
        ]),
      )
      .meta({ description: "What every call of it has to bring, and the steps that ask for it, in order." }),
    applications: z
      .array(
        z.object({
          id: idSchema,
          name: z.string(),
          clientId: z.string(),
          environment: z.enum(["production", "sandbox"]),
          can: z.boolean(),
          why: z.string().meta({ description: "Why not; empty when it can." }),
        }),
      )
      .meta({
        description:
          "Applications of Gatewright's own authorization servers; none where the operation is anonymous or only external servers check. Of many, those that can call come first, and not all are named.",
      }),
    applicationCount: z.int().meta({ description: "How many such applications there are, named or not." }),
    canCount: z.int().meta({ description: "How many of them can call." }),
    foreign: z.boolean().meta({ description: "A foreign authorization server checks: which of its clients can call is not known here." }),
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
    everythingElse: accessLevelSchema.meta({ description: "What a path asks that no operation names." }),
  })
  .meta({ id: "Access" });
export type AccessView = z.output<typeof accessSchema>;

/** How many operations ask what. */
export const accessSummarySchema = z
  .object({
    of: z.enum(["draft", "deployed"]),
    deployment: z.int().nullable(),
    hasDocument: z.boolean(),
    operations: z.int(),
    anonymous: z.int().meta({ description: "Of them, those that need no token and only read." }),
    anonymousWrites: z.int().meta({ description: "Those that need no token and may change something." }),
    credential: z.int().meta({ description: "Those that need a credential other than a token." }),
    token: z.int(),
    scopes: z.int(),
    refused: z.int(),
    everythingElse: accessLevelSchema,
  })
  .meta({ id: "AccessSummary" });
export type AccessSummaryView = z.output<typeof accessSummarySchema>;

/** An operation with its level alone, for menus. */
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
    .meta({ description: "The headers that the page sends." }),
  credentials: z.boolean().default(false).meta({ description: "The page sends cookies or asks for credentials." }),
  of: z.enum(["draft", "deployed"]).default("draft"),
});
export const corsCheckSchema = z
  .object({
    allowed: z.boolean(),
    reasons: z.array(z.string()).meta({ description: "What decides, in sentences: why the browser refuses, or what lets it pass." }),
    preflight: z
      .object({ needed: z.boolean(), status: z.int(), headers: z.array(z.object({ name: z.string(), value: z.string() })) })
      .meta({ description: "The answer to the OPTIONS request that a browser sends first, where it sends one." }),
    response: z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })) }).meta({
      description: "The CORS headers on the answer to the call itself.",
    }),
  })
  .meta({ id: "CorsCheck" });
export type CorsCheckView = z.output<typeof corsCheckSchema>;
