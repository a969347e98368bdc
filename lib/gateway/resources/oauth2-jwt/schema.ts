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
    description: "The exact iss claim of the tokens. Also used to discover the keys, unless you set their URL.",
    placeholder: "https://idp.example.com/oauth2/default",
    calledUnless: "jwksUrl",
  }),
  jwksUrl: httpUrl(
    {
      title: "Key set URL",
      description: "URL of the server's public keys (JWKS). Default: from the issuer's metadata (OpenID Connect Discovery or RFC 8414).",
      placeholder: "https://idp.example.com/oauth2/default/v1/keys",
    },
    { query: true },
  ).optional(),
  audiences: z.array(z.string().min(1).max(500)).max(20, "Maximum: 20 audiences.").default([]).meta({
    title: "Audiences",
    description:
      "The token's aud must contain at least one. Empty: aud isn't checked, and every token of the issuer passes, including those for other APIs.",
    narrowing: "fewerOrSome",
  }),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1, "Allow at least one algorithm.")
    .max(ALGORITHMS.length)
    .default(["RS256", "PS256", "ES256", "EdDSA", "Ed25519"])
    .meta({ title: "Algorithms", description: "Tokens signed with other algorithms are rejected.", narrowing: "fewer", group: "advanced" }),
  requireTyp: z.boolean().default(true).meta({
    title: "Require typ at+jwt",
    description:
      "The token's typ must be at+jwt (RFC 9068). If you disable it for servers that use JWT or no typ, set audiences: ID tokens look the same.",
    narrowing: "on",
    group: "advanced",
  }),
  clockSkewSeconds: z.int("Whole seconds only.").min(0).max(300, "Maximum: 300 seconds.").default(30).meta({
    title: "Clock skew (seconds)",
    description: "Tolerance for nbf and exp if the server's clock differs.",
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
    .meta({ title: "Timeout (ms)", description: "For key discovery and fetching.", narrowing: "any", group: "advanced" }),
  ...caField,
});

export type JwtConfig = z.output<typeof jwtConfigSchema>;

export const jwtDescriptor: ResourceDescriptor = {
  type: "oauth2-jwt",
  title: "JWT authorization server",
  summary: "Verifies signed tokens of any issuer with its public keys, without a request per token.",
  help: `For servers that issue signed access tokens. The gateway fetches the key set once, and again for an unknown key. It verifies tokens in memory.

A revoked token is accepted until it expires; use introspection if that's too long. Set audiences: otherwise every token of the issuer passes, including those for other APIs.`,
  suggestedName: "authorization-server",
  rank: 30,
  examples: [
    {
      title: "A server with discovery",
      config: { issuer: "https://idp.example.com/oauth2/default", audiences: ["https://api.example.com/orders"] },
    },
    {
      title: "Keycloak, whose access tokens have typ JWT",
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
