import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { tokenFormat } from "./authorization-servers";
import { idSchema } from "./common";

const resourceTextSchema = z.string().max(2000);
/** The resource parameter of a token request: none, one, or several. Blank values are ignored. */
const resourceParameterSchema = z
  .union([resourceTextSchema, z.array(resourceTextSchema).max(10, "At most 10 resources.")])
  .default([])
  .transform((value) => [value].flat().filter((resource) => resource !== ""))
  .meta({
    description: "Resource parameter (RFC 8707): URLs of deployed APIs. Default: the server's audience.",
  });

export const tokenPreviewBodySchema = z.strictObject({
  application: z.string().min(1, "Enter the client ID of an application.").max(256),
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  resource: resourceParameterSchema,
});
const named = z.object({ id: idSchema, name: z.string() });
/** Evaluated policies and rules in order, each with the reason why it matched or not. */
const consideredSchema = z.array(z.object({ policy: named, rule: named.nullable(), matched: z.boolean(), reason: z.string() }));
export const tokenPreviewSchema = z
  .discriminatedUnion("issued", [
    z.object({
      issued: z.literal(true),
      format: tokenFormat,
      tokenType: z.string(),
      header: z.record(z.string(), z.json()).nullable().meta({ description: "null for an opaque token." }),
      claims: z.record(z.string(), z.json()),
      lifetimeSeconds: z.int(),
      scopes: z.array(z.string()),
      policy: named,
      rule: named,
      sources: z.array(z.object({ claim: z.string(), source: z.string(), id: idSchema.nullable() })).meta({
        description: "Source of each claim: `standard`, `application`, `rule`, `okta`, or `claim` with the ID of the server's claim.",
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

export const tokenBodySchema = z.strictObject({
  scopes: z.array(scopeSchema).max(100, "At most 100 scopes.").default([]),
  resource: resourceParameterSchema,
});
export const tokenResponseSchema = z
  .object({
    accessToken: z.string(),
    tokenType: z.string(),
    expiresIn: z.int().meta({ description: "Seconds" }),
    scope: z.string().nullable(),
  })
  .meta({ id: "IssuedToken" });
export type IssuedTokenView = z.output<typeof tokenResponseSchema>;
