import { z } from "zod";
import { httpUrl } from "@/lib/definition/field-rules";
import { scopeSchema } from "@/lib/definition/schema";
import { etagSchema, idSchema, nameSchema, pageOf, timeSchema } from "./common";

export const applicationSecretSchema = z.object({
  id: idSchema,
  hint: z.string().meta({ description: "Last 4 characters of the secret." }),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
});

const authentication = z
  .enum(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"], {
    error: "client_secret, client_secret_basic, client_secret_post or private_key_jwt.",
  })
  .meta({ description: "Client authentication. `client_secret`: Basic or request body." });
const jwks = z
  .looseObject({
    keys: z
      .array(z.looseObject({ kty: z.string() }))
      .min(1, "A key set has at least one key.")
      .max(20, "At most 20 keys."),
  })
  .nullable()
  .meta({ description: "Public keys for private_key_jwt (RFC 7517)." });
// Not z.url(): it silently removes line breaks and tabs, and would store a URL other than the one sent.
const jwksUri = httpUrl({ title: "Key set URL" }, { query: true })
  .refine((value) => !/\p{Cf}/u.test(value), "Leave invisible characters out of the URL.")
  .nullable();
const grantTypes = z
  .array(z.enum(["client_credentials"], { error: "This version issues tokens by client_credentials only." }))
  .min(1, "At least one grant.");

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
    authentication,
    jwks: z.json().nullable(),
    jwksUri: z.string().nullable(),
    dpopBound: z.boolean(),
    secrets: z.array(applicationSecretSchema),
    createdAt: timeSchema,
    createdBy: z.string(),
    etag: etagSchema,
  })
  .meta({ id: "Application" });
export type ApplicationView = z.output<typeof applicationSchema>;
export const applicationListSchema = pageOf(applicationSchema);

const clientSecret = z.string().meta({ description: "Returned only once." });
export const applicationCreatedSchema = applicationSchema.extend({
  clientSecret: clientSecret.nullable().meta({ description: "Returned only once; null with private_key_jwt." }),
});
export const secretCreatedSchema = applicationSecretSchema.extend({ clientSecret });

export const secretBodySchema = z
  .strictObject({
    expiresInDays: z
      .int("A whole number of days.")
      .min(1, "At least 1 day.")
      .max(3650, "At most 3,650 days.")
      .nullable()
      .default(null)
      .meta({ description: "Days until it expires; null: never." }),
  })
  .prefault({});

export const applicationBodySchema = z.strictObject({
  name: nameSchema,
  environment: z.enum(["production", "sandbox"]).default("production"),
  authorizationServer: idSchema.default("default"),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  grantTypes: grantTypes.default(["client_credentials"]),
  authentication: authentication.default("client_secret"),
  jwks: jwks.default(null),
  jwksUri: jwksUri.default(null),
  dpopBound: z.boolean().default(false),
});

export const applicationPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").optional(),
  enabled: z.boolean().optional(),
  authentication: authentication.optional(),
  jwks: jwks.optional(),
  jwksUri: jwksUri.optional(),
  dpopBound: z.boolean().optional(),
});
