import { z } from "zod";
import { describePolicy } from "@/lib/definition/describe-policy";
import { scopeName } from "@/lib/definition/field-rules";

export const oauth2ConfigSchema = z.strictObject({
  resource: z.string().min(1, "Select the authorization server that validates the tokens.").meta({
    title: "Authorization server",
    description: "The resource that validates the tokens.",
    ui: "resource",
  }),
  requiredScopes: z
    .array(scopeName())
    .max(100, "At most 100 scopes.")
    .default([])
    .meta({ title: "Required scopes", description: "Empty: any valid token.", ui: "scopes" }),
  scopeMode: z
    .enum(["all", "any"])
    .default("all")
    .meta({ title: "Scope mode", description: "all: the token must have every required scope. any: at least one." }),
  forwardToken: z.boolean().default(false).meta({
    title: "Forward the token",
    description: "Sends the client's token to the backend. Enable only if the backend needs it.",
    group: "advanced",
  }),
  exposePayload: z.boolean().default(false).meta({
    title: "Expose claims to later steps",
    description: "Later steps can use the token's claims, such as {claims.email} or {claims.realm_access.roles} in Transform headers.",
    group: "advanced",
  }),
});

export type Oauth2Config = z.output<typeof oauth2ConfigSchema>;

export const oauth2Descriptor = describePolicy({
  id: "oauth2",
  title: "OAuth2",
  summary: "Requires a valid access token, optionally with scopes.",
  help: `Put it first in the flow to protect. It reads the token from the Authorization header (Bearer, or DPoP with its proof), validates it with a resource of the API, and checks its scopes.

A request without a token gets 401 and a link to the API's metadata (RFC 9728). A token without the scopes gets 403 and all scopes that the request needs. If the authorization server is unreachable and nothing is cached, the request gets 503.

The backend gets the client ID, subject, and scopes as x-gatewright-* headers. It gets the token only if you forward it. If a request runs several OAuth2 steps, each must accept the token.`,
  category: "security",
  icon: "key",
  rank: 10,
  phases: ["request"],
  schema: oauth2ConfigSchema,
  examples: [
    { title: "Any valid token", config: { resource: "company-as" } },
    { title: "Two required scopes", config: { resource: "company-as", requiredScopes: ["orders:read", "orders:write"] } },
    {
      title: "One of two scopes, with claims for later steps",
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
