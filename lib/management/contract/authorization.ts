import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { idSchema, pageOf, timeSchema } from "./common";

const name = z.string().trim().min(1, "Give a name.").max(120, "A name has at most 120 characters.");

export const authorizationServerSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    audience: z.string(),
    enabled: z.boolean(),
    issuer: z.string(),
    endpoints: z.object({
      token: z.string(),
      introspection: z.string(),
      keys: z.string(),
      openidConfiguration: z.string(),
      oauthMetadata: z.string(),
      oauthMetadataInserted: z.string(),
    }),
    createdAt: timeSchema,
  })
  .meta({ id: "AuthorizationServer" });
export type AuthorizationServerView = z.output<typeof authorizationServerSchema>;
export const authorizationServerListSchema = pageOf(authorizationServerSchema);

export const authorizationServerBodySchema = z.strictObject({
  name,
  audience: z
    .string()
    .trim()
    .min(1, "Give the audience that its tokens are for, for example api://orders.")
    .max(300, "An audience has at most 300 characters.")
    .regex(/^[\x21-\x7e]+$/, "An audience has no spaces and no characters outside ASCII."),
  description: z.string().max(2000).default(""),
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "An id has at most 40 small letters, digits and -, and stands in the issuer.")
    .optional(),
});

export const scopeViewSchema = z
  .object({ id: idSchema, name: z.string(), description: z.string(), createdAt: timeSchema })
  .meta({ id: "Scope" });
export type ScopeView = z.output<typeof scopeViewSchema>;
export const scopeListSchema = pageOf(scopeViewSchema);
export const scopeBodySchema = z.strictObject({
  name: scopeSchema,
  description: z.string().max(500, "At most 500 characters.").default(""),
});

export const applicationSecretSchema = z.object({
  id: idSchema,
  hint: z.string().meta({ description: "The last four characters." }),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
});

export const applicationSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    clientId: z.string(),
    environment: z.enum(["production", "sandbox"]),
    authorizationServer: z.string(),
    scopes: z.array(z.string()),
    grantTypes: z.array(z.string()),
    enabled: z.boolean(),
    secrets: z.array(applicationSecretSchema),
    createdAt: timeSchema,
    createdBy: z.string(),
  })
  .meta({ id: "Application" });
export type ApplicationView = z.output<typeof applicationSchema>;
export const applicationListSchema = pageOf(applicationSchema);

const clientSecret = z.string().meta({ description: "Shown this once." });
export const applicationCreatedSchema = applicationSchema.extend({ clientSecret });
export const secretCreatedSchema = applicationSecretSchema.extend({ clientSecret });

export const applicationBodySchema = z.strictObject({
  name,
  environment: z.enum(["production", "sandbox"]).default("production"),
  authorizationServer: idSchema.default("default"),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  grantTypes: z
    .array(z.enum(["client_credentials"], { error: "This version issues tokens by client_credentials only." }))
    .min(1, "At least one grant.")
    .default(["client_credentials"]),
});

export const applicationPatchSchema = z.strictObject({
  name: name.optional(),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").optional(),
  enabled: z.boolean().optional(),
});

export const tokenBodySchema = z.strictObject({ scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]) });
export const tokenAnswerSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.string(),
    expiresIn: z.int().meta({ description: "Seconds" }),
    scope: z.string().nullable(),
  })
  .meta({ id: "IssuedToken" });
export type IssuedTokenView = z.output<typeof tokenAnswerSchema>;

export const activitySchema = z
  .object({
    id: idSchema,
    at: timeSchema,
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    targetId: z.string(),
    summary: z.string(),
  })
  .meta({ id: "Activity" });
export type ActivityView = z.output<typeof activitySchema>;
export const activityListSchema = pageOf(activitySchema);
