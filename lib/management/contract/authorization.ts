import { z } from "zod";
import { httpUrl } from "@/lib/definition/field-rules";
import { scopeSchema } from "@/lib/definition/schema";
import { etagSchema, idSchema, labelSchema, pageOf, textSchema, timeSchema } from "./common";

const name = labelSchema("A name has at most 120 characters.").min(1, "Give a name.");

const audience = z
  .string()
  .trim()
  .min(1, "Give the audience that its tokens are for, for example api://orders.")
  .max(300, "An audience has at most 300 characters.")
  .regex(/^[\x21-\x7e]+$/, "An audience has no spaces and no characters outside ASCII.");
const description = textSchema(2000, "At most 2,000 characters.");
const tokenFormat = z.enum(["jwt", "opaque"], { error: "jwt or opaque." });
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
  name,
  audience,
  description: description.default(""),
  id: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "An id has at most 40 small letters, digits and -, and stands in the issuer.")
    .optional(),
  tokenFormat: tokenFormat.default("jwt"),
  oktaClaims: z.boolean().default(false),
  rotationDays: rotationDays.default(null),
});

export const authorizationServerPatchSchema = z.strictObject({
  name: name.optional(),
  audience: audience.optional(),
  description: description.optional(),
  enabled: z.boolean().optional(),
  tokenFormat: tokenFormat.optional(),
  oktaClaims: z.boolean().optional(),
  rotationDays: rotationDays.optional(),
});

const scopeDescription = textSchema(500, "At most 500 characters.");
export const scopeViewSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    default: z.boolean().meta({ description: "Granted, where the rule allows it, when a request names no scope." }),
    published: z.boolean().meta({ description: "Named in the server's metadata." }),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "Scope" });
export type ScopeView = z.output<typeof scopeViewSchema>;
export const scopeListSchema = pageOf(scopeViewSchema);
export const scopeBodySchema = z.strictObject({
  name: scopeSchema,
  description: scopeDescription.default(""),
  default: z.boolean().default(false),
  published: z.boolean().default(false),
});
export const scopePatchSchema = z.strictObject({
  description: scopeDescription.optional(),
  default: z.boolean().optional(),
  published: z.boolean().optional(),
});

const claimScopes = z
  .array(scopeSchema)
  .max(100, "At most 100 scopes.")
  .meta({ description: "The claim is added when the token has one of these; always when there is none." });
const claimKind = z.enum(["static", "expression"], { error: "static or expression." });
const claimValue = z
  .json()
  .meta({ description: "The claim itself, or with kind `expression` a CEL expression over client, scopes and server." });
export const claimSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: claimKind,
    value: z.json(),
    scopes: z.array(z.string()),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "Claim" });
export type ClaimView = z.output<typeof claimSchema>;
export const claimListSchema = pageOf(claimSchema);
export const claimBodySchema = z.strictObject({
  name: z
    .string()
    .min(1, "Give the claim a name.")
    .max(100, "At most 100 characters.")
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "A claim's name has no spaces, quotes or backslashes, and only ASCII."),
  kind: claimKind.default("static"),
  value: claimValue,
  scopes: claimScopes.default([]),
});
export const claimPatchSchema = z.strictObject({
  kind: claimKind.optional(),
  value: claimValue.optional(),
  scopes: claimScopes.optional(),
});

const lifetimeMinutes = z
  .int("A whole number of minutes.")
  .min(5, "A token lives at least 5 minutes.")
  .max(1440, "A token lives at most 1,440 minutes, a day.");
const grantType = z.enum(["client_credentials"], { error: "Tokens are issued by client_credentials only." });
const ruleScopes = z
  .array(scopeSchema)
  .max(200, "At most 200 scopes.")
  .meta({ description: "The scopes that may be asked for; every scope of the server when there is none." });
const priority = z
  .int("A whole number.")
  .min(1, "The first place is 1.")
  .max(10_000)
  .meta({ description: "The place in the order, counted from 1. The others move." });
export const accessRuleSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    priority: z.int(),
    enabled: z.boolean(),
    grantTypes: z.array(z.string()),
    scopes: z.array(z.string()),
    lifetimeMinutes: z.int(),
    etag: etagSchema,
  })
  .meta({ id: "AccessRule" });
export type AccessRuleView = z.output<typeof accessRuleSchema>;
export const accessRuleBodySchema = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  grantTypes: z.array(grantType).max(10).default([]),
  scopes: ruleScopes.default([]),
  lifetimeMinutes: lifetimeMinutes.default(60),
  priority: priority.optional(),
});
export const accessRulePatchSchema = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional(),
  grantTypes: z.array(grantType).max(10).optional(),
  scopes: ruleScopes.optional(),
  lifetimeMinutes: lifetimeMinutes.optional(),
  priority: priority.optional(),
});

const policyApplications = z
  .array(idSchema)
  .max(1000, "At most 1,000 applications.")
  .meta({ description: "Ids of the applications that it is for; every application of the server when there is none." });
export const accessPolicySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    priority: z.int(),
    enabled: z.boolean(),
    applications: z.array(z.string()),
    rules: z.array(accessRuleSchema),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "AccessPolicy" });
export type AccessPolicyView = z.output<typeof accessPolicySchema>;
export const accessPolicyListSchema = pageOf(accessPolicySchema);
export const accessPolicyBodySchema = z.strictObject({
  name,
  description: description.default(""),
  enabled: z.boolean().default(true),
  applications: policyApplications.default([]),
  priority: priority.optional(),
  rules: z.array(accessRuleBodySchema).max(50, "At most 50 rules.").default([]),
});
export const accessPolicyPatchSchema = z.strictObject({
  name: name.optional(),
  description: description.optional(),
  enabled: z.boolean().optional(),
  applications: policyApplications.optional(),
  priority: priority.optional(),
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

const resourceTextSchema = z.string().max(2000);
/** As the resource parameter of a token request: none, one, or several. A blank one counts as left out. */
const resourceParameterSchema = z
  .union([resourceTextSchema, z.array(resourceTextSchema).max(10, "At most 10 resources.")])
  .default([])
  .transform((value) => [value].flat().filter((resource) => resource !== ""))
  .meta({
    description: "The resource parameter (RFC 8707), one or several: URLs of deployed APIs. Without it, the server's audience.",
  });

export const tokenPreviewBodySchema = z.strictObject({
  application: z.string().min(1, "Give the client id of an application.").max(256),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  resource: resourceParameterSchema,
});
const named = z.object({ id: idSchema, name: z.string() });
/** Which policies and rules were looked at, in order, and why each did or did not decide. */
const consideredSchema = z.array(z.object({ policy: named, rule: named.nullable(), matched: z.boolean(), reason: z.string() }));
export const tokenPreviewSchema = z
  .discriminatedUnion("issued", [
    z.object({
      issued: z.literal(true),
      format: tokenFormat,
      tokenType: z.string(),
      header: z.record(z.string(), z.json()).nullable().meta({ description: "Null for an opaque token." }),
      claims: z.record(z.string(), z.json()),
      lifetimeSeconds: z.int(),
      scopes: z.array(z.string()),
      policy: named,
      rule: named,
      sources: z.array(z.object({ claim: z.string(), source: z.string(), id: idSchema.nullable() })).meta({
        description:
          "Where each claim comes from: `standard`, `application`, `rule`, `okta`, or `claim` with the id of the server's claim.",
      }),
      considered: consideredSchema,
    }),
    z.object({
      issued: z.literal(false),
      error: z.string(),
      description: z.string(),
      deniedScopes: z.array(z.string()),
      policy: named.nullable(),
      rule: named.nullable(),
      considered: consideredSchema,
    }),
  ])
  .meta({ id: "TokenPreview" });
export type TokenPreviewView = z.output<typeof tokenPreviewSchema>;

export const applicationSecretSchema = z.object({
  id: idSchema,
  hint: z.string().meta({ description: "The last four characters." }),
  createdAt: timeSchema,
  lastUsedAt: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
});

const authentication = z
  .enum(["client_secret", "client_secret_basic", "client_secret_post", "private_key_jwt"], {
    error: "client_secret, client_secret_basic, client_secret_post or private_key_jwt.",
  })
  .meta({ description: "How it proves who it is. `client_secret`: by Basic or in the body, as it likes." });
const jwks = z
  .looseObject({
    keys: z
      .array(z.looseObject({ kty: z.string() }))
      .min(1, "A key set has at least one key.")
      .max(20, "At most 20 keys."),
  })
  .nullable()
  .meta({ description: "The public keys of private_key_jwt (RFC 7517)." });
// Not z.url(): it drops line breaks and tabs without a word, and stores another URL than the one that was sent.
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

const clientSecret = z.string().meta({ description: "Shown this once." });
export const applicationCreatedSchema = applicationSchema.extend({
  clientSecret: clientSecret.nullable().meta({ description: "Shown this once; null with private_key_jwt, which needs none." }),
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
      .meta({ description: "After how many days it is refused; null: never." }),
  })
  .prefault({});

export const applicationBodySchema = z.strictObject({
  name,
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
  name: name.optional(),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").optional(),
  enabled: z.boolean().optional(),
  authentication: authentication.optional(),
  jwks: jwks.optional(),
  jwksUri: jwksUri.optional(),
  dpopBound: z.boolean().optional(),
});

export const tokenBodySchema = z.strictObject({
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  resource: resourceParameterSchema,
});
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
