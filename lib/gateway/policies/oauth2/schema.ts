import { z } from "zod";
import { describePolicy } from "@/lib/definition/describe-policy";
import { scopeName } from "@/lib/definition/field-rules";

export const oauth2ConfigSchema = z.strictObject({
  resource: z.string().min(1, "Choose the authorization server that checks the tokens.").meta({
    title: "Authorization server",
    description: "The resource that says whether a token is good.",
    ui: "resource",
  }),
  requiredScopes: z
    .array(scopeName())
    .max(100, "At most 100 scopes.")
    .default([])
    .meta({ title: "Required scopes", description: "None means that any good token may pass.", ui: "scopes" }),
  scopeMode: z
    .enum(["all", "any"])
    .default("all")
    .meta({ title: "Scope mode", description: "all: the token has every required scope (more are fine). any: it has at least one." }),
  forwardToken: z.boolean().default(false).meta({
    title: "Pass the token on",
    description: "Sends the caller's token to the backend. Leave it off unless the backend needs it.",
    group: "advanced",
  }),
  exposePayload: z.boolean().default(false).meta({
    title: "Expose the token's claims to later steps",
    description:
      "Steps that follow can send claims of the token on: a value such as {claims.email} or {claims.realm_access.roles} in Transform headers.",
    group: "advanced",
  }),
});

export type Oauth2Config = z.output<typeof oauth2ConfigSchema>;

export const oauth2Descriptor = describePolicy({
  id: "oauth2",
  title: "OAuth2",
  summary: "Lets a call pass only with a good access token, and with the scopes you require.",
  help: `Put it first in a flow that has to be protected. It reads the token from the Authorization header (Bearer, or DPoP with its proof), lets a resource of the API check it, and compares its scopes.

A request without a token gets 401 with a challenge that names the API's metadata (RFC 9728); a token without the scopes gets 403 with all scopes that the request needs. When the authorization server can't be reached and nothing is cached, the request gets 503: it never reaches the backend unchecked.

The backend gets the client ID, the subject and the scopes as x-gatewright-* headers, and the token itself only if you pass it on. Several OAuth2 steps in one flow all have to accept the token.`,
  category: "security",
  icon: "key",
  rank: 10,
  phases: ["request"],
  schema: oauth2ConfigSchema,
  examples: [
    { title: "Any valid token", config: { resource: "company-as" } },
    { title: "A token that may write orders", config: { resource: "company-as", requiredScopes: ["orders:read", "orders:write"] } },
    {
      title: "One of two scopes, and the claims for later steps",
      config: { resource: "company-as", requiredScopes: ["orders:read", "orders:admin"], scopeMode: "any", exposePayload: true },
    },
  ],
  sentence({ resource, requiredScopes = [], scopeMode }) {
    const from = resource ? ` from ${resource}` : "";
    if (requiredScopes.length === 0) return `Require a token${from}`;
    return `Require a token${from} with ${requiredScopes.join(scopeMode === "any" ? " or " : " and ")}`;
  },
  requires: ({ resource = "", requiredScopes = [], scopeMode = "all" }) => [{ kind: "token", resource, scopes: requiredScopes, scopeMode }],
  writes: ({ exposePayload }) => (exposePayload ? ["identity", "claims"] : ["identity"]),
  tokenCheck: (resource) => oauth2ConfigSchema.parse({ resource }),
});
