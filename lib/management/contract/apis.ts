import { z } from "zod";
import { idSchema, labelSchema, pageOf, problemItemSchema, timeSchema } from "./common";

/** A definition travels as JSON; lib/definition checks it against the registry of policies and resources. */
export const definitionDocumentSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: "ApiDefinition", description: "An API definition. Its schema is served at /api/v1/schemas/api-definition.json." });

const problems = (description: string) => z.array(problemItemSchema).meta({ description });

/** How well an API's active deployment is protected, seen as a whole. */
export const protectionSchema = z.enum(["open", "partly-open", "guarded", "scoped"]);
export type Protection = z.output<typeof protectionSchema>;

export const apiSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    version: z.string(),
    description: z.string(),
    contextPath: z.string(),
    /** Where callers reach it. */
    gatewayUrl: z.string(),
    activeDeployment: z.object({ number: z.int(), label: z.string(), createdAt: timeSchema, createdBy: z.string() }).nullable(),
    undeployedChanges: z.boolean().meta({ description: "The draft differs from the active deployment, or there is none." }),
    protection: protectionSchema.nullable().meta({ description: "Of the active deployment; null when nothing is deployed." }),
    draftProtection: protectionSchema,
    environments: z.array(z.enum(["production", "sandbox"])),
    /** Paths of the draft that hold a stored secret. */
    storedSecrets: z.array(z.string()),
    draftProblems: problems("Why this version doesn't deploy the draft as it is stored; empty when it does."),
    deploymentProblems: problems("What is wrong with the active deployment; empty when nothing is."),
    etag: z.string().meta({ description: "The ETag of the draft." }),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    updatedBy: z.string(),
  })
  .meta({ id: "Api" });

export type ApiView = z.output<typeof apiSchema>;
export const apiListSchema = pageOf(apiSchema);

export const changeSchema = z
  .object({
    kind: z.enum(["added", "removed", "changed", "moved"]),
    path: z.string(),
    sentence: z.string(),
    before: z.string().optional(),
    after: z.string().optional(),
  })
  .meta({ id: "Change" });

export const warningSchema = z
  .object({
    kind: z.enum(["access", "scope", "context-path", "plain-http", "step"]).meta({
      description:
        "access: the operation needs less than before. scope: a flow requires a scope that its authorization server doesn't have. context-path: it nests with another API's. plain-http: a token, introspection, discovery, or key-set URL of another host is not protected by TLS. step: it uses something, such as the claims of the token, that no step before it leaves.",
    }),
    message: z.string().meta({ description: "The whole warning in words." }),
    method: z.string().optional().meta({ description: "Of the operation; `*` for every method that no other warning names." }),
    path: z
      .string()
      .optional()
      .meta({ description: "Of the operation, below the context path; for other kinds a place in the definition." }),
    operator: z.enum(["equals", "startsWith"]).optional().meta({
      description: "startsWith: the path and everything below it that no flow treats apart.",
    }),
    before: z.string().optional().meta({ description: "What a request had to bring." }),
    after: z.string().optional().meta({ description: "What a request has to bring." }),
  })
  .meta({ id: "DeployWarning" });
export type DeployWarning = z.output<typeof warningSchema>;

export const changesSchema = z.object({
  from: z.union([z.int(), z.literal("draft")]).nullable(),
  to: z.union([z.int(), z.literal("draft")]),
  changes: z.array(changeSchema),
  warnings: z.array(warningSchema),
});
export type ChangesView = z.output<typeof changesSchema>;

export const deploymentSchema = z
  .object({
    number: z.int(),
    label: z.string(),
    active: z.boolean(),
    restores: z.int().nullable().meta({ description: "The number that a rollback restored." }),
    hash: z.string(),
    problems: problems("What is wrong with its definition; empty when nothing is."),
    createdAt: timeSchema,
    createdBy: z.string(),
  })
  .meta({ id: "Deployment" });
export type DeploymentView = z.output<typeof deploymentSchema>;
export const deployAnswerSchema = deploymentSchema.extend({
  unchanged: z.boolean().meta({ description: "The draft is what this deployment, which was active already, froze: nothing was deployed." }),
});
export const deploymentListSchema = pageOf(deploymentSchema);
export const deploymentWithDefinitionSchema = deploymentSchema.extend({ definition: definitionDocumentSchema });

/** `allowLoosening=false` makes a deployment fail with 409 when an operation would need less than before. */
export const deployQuerySchema = z.object({
  allowLoosening: z
    .enum(["true", "false"], { error: "true or false." })
    .default("true")
    .meta({ description: "false: 409 with each operation, when one needs less than in the active deployment." }),
});

export const deployBodySchema = z.strictObject({ label: labelSchema("A label has at most 120 characters.").default("") });

export const importAnswerSchema = apiSchema.extend({
  notCarriedOver: z.array(z.string()).meta({ description: "What the document holds and this product could not take over." }),
});

export const tryBodySchema = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]{1,20}$/, "A method in capital letters, for example GET.")
    .default("GET"),
  path: z
    .string()
    .max(8000, "A path has at most 8000 characters.")
    .regex(/^\/[\x21-\x7e]*$/, "The path starts with / and has no spaces or characters outside ASCII: write them percent-encoded.")
    .default("/"),
  headers: z
    .record(
      z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "A header name has letters, digits and - only."),
      z
        .string()
        .max(16_000)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "A header value has no line breaks."),
    )
    .default({}),
  body: z.string().max(1_000_000, "Try sends at most 1 MB.").optional(),
  environment: z.enum(["production", "sandbox"]).optional().meta({ description: "Informative: the caller's token selects the endpoint." }),
  target: z.literal("deployed", { error: "This version tries what is deployed: use deployed." }).default("deployed"),
});

export const tryAnswerSchema = z.object({
  response: z.object({
    status: z.int(),
    headers: z.array(z.tuple([z.string(), z.string()])),
    body: z.string(),
    /** The body is base64 when it is not text. */
    bodyEncoding: z.enum(["text", "base64"]),
    truncated: z.boolean(),
    durationMs: z.number(),
  }),
  deployment: z.int().nullable(),
  flow: z.string().nullable(),
  trace: z.array(
    z.object({
      phase: z.enum(["request", "response"]),
      policy: z.string(),
      name: z.string(),
      outcome: z.enum(["ran", "skipped", "answered", "failed"]),
      reason: z.string(),
      durationMs: z.number(),
    }),
  ),
});
export type TryAnswer = z.output<typeof tryAnswerSchema>;
