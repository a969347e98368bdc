import { z } from "zod";
import { etagSchema, idSchema, timeSchema } from "./common";

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

/** What an operation asks of its callers. `refused`: the gateway answers no call of it. */
export const accessLevelSchema = z.enum(["anonymous", "token", "scopes", "refused"]);
export type AccessLevel = z.output<typeof accessLevelSchema>;

export const accessOperationSchema = operationSchema
  .extend({
    sources: z.array(z.enum(["openapi", "flow"])).meta({ description: "Where the operation is known from." }),
    access: accessLevelSchema,
    isWrite: z.boolean().meta({ description: "It may change something: any method but GET, HEAD and OPTIONS." }),
    requirements: z
      .array(
        z.object({
          flow: z.string(),
          step: z.string(),
          resource: z.string(),
          scopes: z.array(z.string()),
          scopeMode: z.enum(["all", "any"]),
        }),
      )
      .meta({ description: "The oauth2 steps that every call of it passes, in order." }),
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
        description: "Applications of our own authorization servers; none where the operation is anonymous or only foreign servers check.",
      }),
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
    everythingElse: accessLevelSchema.meta({ description: "What a path asks that no operation here names." }),
  })
  .meta({ id: "Access" });
export type AccessView = z.output<typeof accessSchema>;

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
