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
  .meta({ description: "After how many days the signing keys rotate by themselves; null: by hand alone." });

export const authorizationServerSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    audience: z.string(),
    enabled: z.boolean(),
    isDefault: z.boolean().meta({ description: "The one that is always there: it can be disabled, not deleted." }),
    tokenFormat,
    oktaClaims: z.boolean().meta({ description: "Whether tokens carry Okta's `cid` and `scp` beside the claims of RFC 9068." }),
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
      amToken: z.string().meta({ description: "The token endpoint by Gravitee AM's path." }),
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
    expiresAt: timeSchema.nullable().meta({ description: "Until when tokens that it signed verify; null while it is next or active." }),
    etag: etagSchema,
  })
  .meta({ id: "SigningKey" });
export type SigningKeyView = z.output<typeof signingKeySchema>;
export const signingKeyListSchema = pageOf(signingKeySchema);
