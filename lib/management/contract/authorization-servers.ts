import { z } from "zod";
import { descriptionSchema, etagSchema, idSchema, nameSchema, pageOf, timeSchema } from "./common";

const audience = z
  .string()
  .trim()
  .min(1, "Give the audience that its tokens are for, for example api://orders.")
  .max(300, "An audience has at most 300 characters.")
  .regex(/^[\x21-\x7e]+$/, "An audience has no spaces and no characters outside ASCII.");
export const tokenFormat = z.enum(["jwt", "opaque"], { error: "jwt or opaque." });
const rotationDays = z
  .int("A whole number of days.")
  .min(1, "At least 1 day.")
  .max(3650, "At most 3,650 days.")
  .nullable()
  .meta({ description: "Days between automatic key rotations; null: manual rotation only." });

export const authorizationServerSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    audience: z.string(),
    enabled: z.boolean(),
    isDefault: z.boolean().meta({ description: "Whether it's the default server, which can be deactivated but not deleted." }),
    tokenFormat,
    oktaClaims: z.boolean().meta({ description: "Whether tokens contain Okta's `cid` and `scp` in addition to the claims of RFC 9068." }),
    rotationDays,
    nextRotationAt: timeSchema.nullable(),
    issuer: z.string(),
    endpoints: z.object({
      token: z.string(),
      introspection: z.string(),
      revocation: z.string(),
      keys: z.string(),
      openidConfiguration: z.string(),
      oauthMetadata: z.string(),
      oauthMetadataInserted: z.string(),
      amToken: z.string().meta({ description: "Token endpoint at Gravitee AM's path." }),
    }),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "AuthorizationServer" });
export type AuthorizationServerView = z.output<typeof authorizationServerSchema>;
export const authorizationServerListSchema = pageOf(authorizationServerSchema);

export const authorizationServerBodySchema = z.strictObject({
  name: nameSchema,
  audience,
  description: descriptionSchema.default(""),
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "An id has at most 40 small letters, digits and -, and stands in the issuer.")
    .optional(),
  tokenFormat: tokenFormat.default("jwt"),
  oktaClaims: z.boolean().default(false),
  rotationDays: rotationDays.default(null),
});

export const authorizationServerPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  audience: audience.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
  tokenFormat: tokenFormat.optional(),
  oktaClaims: z.boolean().optional(),
  rotationDays: rotationDays.optional(),
});

export const signingKeySchema = z
  .object({
    kid: z.string(),
    algorithm: z.string(),
    state: z.enum(["next", "active", "previous"]),
    createdAt: timeSchema,
    activatedAt: timeSchema.nullable(),
    expiresAt: timeSchema
      .nullable()
      .meta({ description: "When the tokens it signed are no longer accepted; null while it's next or active." }),
    etag: etagSchema,
  })
  .meta({ id: "SigningKey" });
export type SigningKeyView = z.output<typeof signingKeySchema>;
export const signingKeyListSchema = pageOf(signingKeySchema);
