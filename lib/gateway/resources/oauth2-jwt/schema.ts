import { z } from "zod";
import { httpUrl } from "@/lib/definition/field-rules";
import type { ResourceDescriptor } from "@/lib/definition/registry";
import { caField } from "../ca-field";
import { claimFields } from "../claim-fields";

/**
 * RFC 8725, sections 3.1 and 3.2: signatures of key pairs only. With HMAC, or none, whoever knows the public key could make tokens.
 * Ed25519 is what EdDSA is called since RFC 9864.
 */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const;

export const jwtConfigSchema = z.strictObject({
  issuer: httpUrl({
    title: "Issuer",
    description: "Exactly as it stands in the tokens' iss. Also where the keys are discovered, unless you give their URL.",
    placeholder: "https://idp.example.com/oauth2/default",
    calledUnless: "jwksUrl",
  }),
  jwksUrl: httpUrl(
    {
      title: "Key set URL",
      description: "The server's public keys (JWKS). Without it, the issuer's metadata names it (OpenID Connect Discovery or RFC 8414).",
      placeholder: "https://idp.example.com/oauth2/default/v1/keys",
    },
    { query: true },
  ).optional(),
  audiences: z.array(z.string().min(1).max(500)).max(20, "At most 20 audiences.").default([]).meta({
    title: "Audiences",
    description:
      "The token names at least one of them in aud. With none, aud is not checked: every token of this issuer passes, also those meant for other APIs.",
    narrowing: "fewerOrSome",
  }),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1, "Allow at least one algorithm.")
    .max(ALGORITHMS.length)
    .default(["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
    .meta({ title: "Algorithms", description: "A token that is signed in another way is refused.", narrowing: "fewer", group: "advanced" }),
  requireTyp: z.boolean().default(true).meta({
    title: "Require access tokens by type",
    description:
      "The token's typ is at+jwt (RFC 9068). Turn it off for servers that write JWT or nothing there, and then give audiences: ID tokens look the same.",
    narrowing: "on",
    group: "advanced",
  }),
  clockSkewSeconds: z.int("Whole seconds only.").min(0).max(300, "At most 300 seconds.").default(30).meta({
    title: "Clock difference (seconds)",
    description: "How far the server's clock may differ: a token is good this much before its nbf and after its exp.",
    narrowing: "less",
    ui: "seconds",
    group: "advanced",
  }),
  ...claimFields,
  timeoutMs: z
    .int("Whole milliseconds only.")
    .min(100)
    .max(60_000)
    .default(5000)
    .meta({ title: "Timeout (ms)", description: "For fetching the keys, with their discovery.", narrowing: "any", group: "advanced" }),
  ...caField,
});

export type JwtConfig = z.output<typeof jwtConfigSchema>;

export const jwtDescriptor: ResourceDescriptor = {
  type: "oauth2-jwt",
  title: "JWT authorization server",
  summary: "Checks signed tokens of any issuer with its public keys, without a call for each token.",
  help: `For servers that issue signed access tokens. The gateway fetches the key set once, and again when a token names a key that it doesn't know; a token is then checked in memory.

A revoked token is accepted until it expires: choose introspection where that is too long. Give audiences, or every token of the issuer passes, also one that is meant for another API.`,
  suggestedName: "authorization-server",
  rank: 30,
  examples: [
    {
      title: "A server with discovery",
      config: { issuer: "https://idp.example.com/oauth2/default", audiences: ["https://api.example.com/orders"] },
    },
    {
      title: "Keycloak, whose access tokens have the type JWT",
      config: {
        issuer: "https://keycloak.example.com/realms/shop",
        audiences: ["orders"],
        requireTyp: false,
        scopesClaim: "scope realm_access.roles",
        clientClaim: "azp",
      },
    },
  ],
  schema: jwtConfigSchema,
  sentence: (config) => `Accepts signed tokens of ${String(config.issuer ?? "…")}`,
};
