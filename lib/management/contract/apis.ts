import { z } from "zod";
import { HEADER_NAME } from "@/lib/definition/field-rules";
import { idSchema, labelSchema, pageOf, problemItemSchema, timeSchema } from "./common";

/** Any JSON object: lib/definition validates it against the registry of policies and resources. */
export const definitionDocumentSchema = z
  .record(z.string(), z.unknown())
  .meta({ id: "ApiDefinition", description: "An API definition. Its schema is served at /api/v1/schemas/api-definition.json." });

const problems = (description: string) => z.array(problemItemSchema).meta({ description });

/** Overall protection of a definition. */
export const protectionSchema = z.enum(["open", "partly-open", "guarded", "scoped"]);
export type Protection = z.output<typeof protectionSchema>;

export const apiSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    version: z.string(),
    description: z.string(),
    contextPath: z.string(),
    /** Client-facing URL. */
    gatewayUrl: z.string(),
    activeDeployment: z.object({ number: z.int(), label: z.string(), createdAt: timeSchema, createdBy: z.string() }).nullable(),
    undeployedChanges: z.boolean().meta({ description: "Whether the draft differs from the active deployment, or nothing is deployed." }),
    protection: protectionSchema.nullable().meta({ description: "Protection of the active deployment; null if nothing is deployed." }),
    draftProtection: protectionSchema,
    environments: z.array(z.enum(["production", "sandbox"])),
    /** Paths of the draft that hold a stored secret. */
    storedSecrets: z.array(z.string()),
    draftProblems: problems("Why this version rejects the stored draft at deployment; empty if it doesn't."),
    deploymentProblems: problems("Problems of the active deployment; empty if there are none."),
    etag: z.string().meta({ description: "ETag of the draft." }),
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
        "access: the operation requires less than before. scope: a step requires a scope that its authorization server doesn't have. context-path: nested with another API's. plain-http: a token, introspection, discovery, or key set URL of another host doesn't use TLS. step: it uses data, such as token claims, that no earlier step provides.",
    }),
    message: z.string().meta({ description: "The warning as text." }),
    method: z.string().optional().meta({ description: "Method of the operation; `*` for every method without a warning of its own." }),
    path: z
      .string()
      .optional()
      .meta({ description: "Path of the operation below the context path; for other kinds, a path in the definition." }),
    operator: z.enum(["equals", "startsWith"]).optional().meta({
      description: "startsWith: the path and everything below it without a flow of its own.",
    }),
    before: z.string().optional().meta({ description: "Requirements before." }),
    after: z.string().optional().meta({ description: "Requirements after." }),
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
    restores: z.int().nullable().meta({ description: "Number of the deployment that a rollback restored." }),
    hash: z.string(),
    problems: problems("Problems of its definition; empty if there are none."),
    createdAt: timeSchema,
    createdBy: z.string(),
  })
  .meta({ id: "Deployment" });
export type DeploymentView = z.output<typeof deploymentSchema>;
export const deployResponseSchema = deploymentSchema.extend({
  unchanged: z.boolean().meta({ description: "Whether this active deployment already equaled the draft, so nothing was deployed." }),
});
export const deploymentListSchema = pageOf(deploymentSchema);
export const deploymentWithDefinitionSchema = deploymentSchema.extend({ definition: definitionDocumentSchema });

/** `allowLoosening=false` rejects a deployment that loosens access with 409. */
export const deployQuerySchema = z.object({
  allowLoosening: z
    .enum(["true", "false"], { error: "true or false." })
    .default("true")
    .meta({ description: "false: returns 409 with the operations that would require less than in the active deployment." }),
});

export const deployBodySchema = z.strictObject({ label: labelSchema("A label has at most 120 characters.").default("") });

export const importResponseSchema = apiSchema.extend({
  notCarriedOver: z.array(z.string()).meta({ description: "Parts of the document that weren't imported." }),
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
      z.string().regex(HEADER_NAME, "A header name has letters, digits and - only."),
      z
        .string()
        .max(16_000)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "A header value has no line breaks."),
    )
    .default({}),
  body: z.string().max(1_000_000, "Try sends at most 1 MB.").optional(),
  environment: z.enum(["production", "sandbox"]).optional().meta({ description: "Informative: the client's token selects the endpoint." }),
  target: z.literal("deployed", { error: "This version tries what is deployed: use deployed." }).default("deployed"),
});

export const tryResponseSchema = z.object({
  response: z.object({
    status: z.int(),
    headers: z.array(z.tuple([z.string(), z.string()])),
    body: z.string(),
    /** `base64` if the body isn't UTF-8 text. */
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
export type TryResponse = z.output<typeof tryResponseSchema>;
