import { z } from "zod";
import { scopeName } from "@/lib/definition/field-rules";
import type { PolicyDescriptor } from "@/lib/definition/registry";

export const oauth2ConfigSchema = z.strictObject({
  resource: z
    .string()
    .min(1, "Choose the authorization server that checks the tokens.")
    .meta({
      title: "Authorization server",
      description: "The resource that says whether a token is good.",
      ui: "resource",
      resourceTypes: ["oauth2-introspection", "oauth2-builtin", "oauth2-jwt", "oauth2-gravitee-am"],
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

export const oauth2Descriptor: PolicyDescriptor = {
  id: "oauth2",
  title: "OAuth2",
  summary: "Lets a call pass only with a good access token, and with the scopes you require.",
  category: "security",
  phases: ["request"],
  schema: oauth2ConfigSchema,
  sentence(config) {
    const scopes = Array.isArray(config.requiredScopes) ? config.requiredScopes.map(String) : [];
    const from = typeof config.resource === "string" && config.resource !== "" ? ` from ${config.resource}` : "";
    if (scopes.length === 0) return `Require a token${from}`;
    return `Require a token${from} with ${scopes.join(config.scopeMode === "any" ? " or " : " and ")}`;
  },
};
