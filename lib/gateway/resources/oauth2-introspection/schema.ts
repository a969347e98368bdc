import { z } from "zod";
import { headerName, httpUrl } from "@/lib/definition/field-rules";
import type { ResourceDescriptor } from "@/lib/definition/registry";
import { isProtectedHeader } from "../../http/protected-headers";
import { RAW_COLON } from "../claim-fields";
import { answerFields, clientFields, hasReadableClient } from "../introspection/fields";

/** Returns the lowercase name of the header with the client's credentials, if any. */
function credentialsHeader(config: { clientAuthentication: string; clientAuthenticationHeader: string }): string | undefined {
  if (config.clientAuthentication === "basic") return "authorization";
  return config.clientAuthentication === "header" ? config.clientAuthenticationHeader.toLowerCase() : undefined;
}

/** RFC 6749, section 2.3.1. */
const CREDENTIAL_FIELDS = new Set(["client_id", "client_secret"]);

/** Whether a header of an introspection request may carry what a configuration puts into it. */
const isFree = (header: string) => !isProtectedHeader(header) && !["accept", "content-type"].includes(header.toLowerCase());

export const introspectionConfigSchema = z
  .strictObject({
    introspectionEndpoint: httpUrl(
      {
        title: "Introspection endpoint",
        description: "The authorization server's introspection endpoint (RFC 7662).",
        placeholder: "https://idp.internal/introspect",
      },
      { query: true },
    ),
    ...clientFields("introspectionEndpoint"),
    clientAuthentication: z.enum(["basic", "body", "header"]).default("basic").meta({
      title: "Client authentication",
      description: "basic: the Authorization header. body: form fields. header: Basic credentials in another header.",
      narrowing: "any",
      group: "advanced",
    }),
    clientAuthenticationHeader: headerName({
      title: "Client authentication header",
      description: "The header with the Basic credentials.",
      narrowing: "any",
      group: "advanced",
      showIf: { field: "clientAuthentication", equals: "header" },
    }).default("Authorization"),
    clientAuthenticationScheme: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "A scheme is one word, for example Basic.")
      .max(50, "Maximum: 50 characters.")
      .default("Basic")
      .meta({
        title: "Client authentication scheme",
        description: "The scheme before the credentials in that header.",
        narrowing: "any",
        group: "advanced",
        showIf: { field: "clientAuthentication", equals: "header" },
      }),
    method: z.enum(["POST", "GET"]).default("POST").meta({ title: "Method", narrowing: "any", group: "advanced" }),
    tokenLocation: z.enum(["form", "query", "header"]).default("form").meta({
      title: "Token location",
      description: "Where the introspection request carries the token. form requires POST.",
      narrowing: "any",
      group: "advanced",
    }),
    tokenName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, "Use letters, digits, and - . _ only.")
      .max(100)
      .default("token")
      .meta({
        title: "Token name",
        description: "The name of the form field, query parameter, or header.",
        narrowing: "any",
        group: "advanced",
      }),
    scopeSeparator: z
      .string()
      .min(1, "Enter a separator, for example a space or a comma.")
      .max(5, "Maximum: 5 characters.")
      .default(" ")
      .meta({ title: "Scope separator", group: "advanced" }),
    ...answerFields,
  })
  .refine((config) => config.clientAuthentication === "body" || hasReadableClient(config), { message: RAW_COLON, path: ["clientId"] })
  .refine((config) => config.tokenLocation !== "form" || config.method === "POST", {
    message: "form requires the method POST.",
    path: ["tokenLocation"],
  })
  .refine((config) => config.clientAuthentication !== "body" || config.method === "POST", {
    message: "body requires the method POST.",
    path: ["clientAuthentication"],
  })
  .refine((config) => config.tokenLocation !== "header" || config.tokenName.toLowerCase() !== credentialsHeader(config), {
    message: "This header already carries the client's credentials.",
    path: ["tokenName"],
  })
  .refine(
    (config) => config.tokenLocation !== "form" || config.clientAuthentication !== "body" || !CREDENTIAL_FIELDS.has(config.tokenName),
    {
      message: "This form field already carries the client's credentials.",
      path: ["tokenName"],
    },
  )
  .refine((config) => config.tokenLocation !== "header" || isFree(config.tokenName), {
    message: "This header belongs to the connection or message and can't carry the token.",
    path: ["tokenName"],
  })
  .refine((config) => config.clientAuthentication !== "header" || isFree(config.clientAuthenticationHeader), {
    message: "This header belongs to the connection or message and can't carry the credentials.",
    path: ["clientAuthenticationHeader"],
  });

export type IntrospectionConfig = z.output<typeof introspectionConfigSchema>;

export const introspectionDescriptor: ResourceDescriptor = {
  type: "oauth2-introspection",
  title: "Generic OAuth2 authorization server",
  summary: "Validates tokens of any authorization server by introspection (RFC 7662).",
  help: `For servers that issue opaque tokens, or whose revocations must apply soon. The gateway introspects a token on first use and caches a positive response for the cache TTL; a revoked token is accepted until the cache entry expires.

If the server is unreachable and nothing is cached, requests get 503.`,
  suggestedName: "authorization-server",
  rank: 10,
  examples: [
    {
      title: "A server with Basic client authentication",
      config: { introspectionEndpoint: "https://idp.example.com/introspect", clientId: "gateway" },
    },
    {
      title: "Tokens from one issuer, for this API only, cached for 10 seconds",
      config: {
        introspectionEndpoint: "https://idp.example.com/introspect",
        clientId: "gateway",
        issuer: "https://idp.example.com",
        audiences: ["https://api.example.com/orders"],
        cacheTtlSeconds: 10,
      },
    },
  ],
  schema: introspectionConfigSchema,
  sentence: (config) => `Introspects at ${String(config.introspectionEndpoint ?? "…")}`,
};
