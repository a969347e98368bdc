import { z } from "zod";
import { headerName, httpUrl } from "@/lib/definition/field-rules";
import type { ResourceDescriptor } from "@/lib/definition/registry";
import { isProtectedHeader } from "../../http/protected-headers";
import { RAW_COLON } from "../claim-fields";
import { answerFields, clientFields, hasReadableClient } from "../introspection/fields";

/** The header in which the client's credentials stand, in lower case, if they stand in one. */
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
        description: "Where the authorization server tells whether a token is active (RFC 7662).",
        placeholder: "https://idp.internal/introspect",
      },
      { query: true },
    ),
    ...clientFields("introspectionEndpoint"),
    clientAuthentication: z.enum(["basic", "body", "header"]).default("basic").meta({
      title: "Client authentication",
      description: "basic: an Authorization header. body: form fields. header: Basic credentials in a header of another name.",
      narrowing: "any",
      group: "advanced",
    }),
    clientAuthenticationHeader: headerName({
      title: "Client authentication header",
      description: "The header that carries the Basic credentials.",
      narrowing: "any",
      group: "advanced",
      showIf: { field: "clientAuthentication", equals: "header" },
    }).default("Authorization"),
    clientAuthenticationScheme: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, "A scheme is one word, for example Basic.")
      .max(50, "A scheme has at most 50 characters.")
      .default("Basic")
      .meta({
        title: "Client authentication scheme",
        description: "The word before the credentials in that header.",
        narrowing: "any",
        group: "advanced",
        showIf: { field: "clientAuthentication", equals: "header" },
      }),
    method: z.enum(["POST", "GET"]).default("POST").meta({ title: "Method", narrowing: "any", group: "advanced" }),
    tokenLocation: z.enum(["form", "query", "header"]).default("form").meta({
      title: "Token location",
      description: "Where the token stands in the introspection request. form needs POST.",
      narrowing: "any",
      group: "advanced",
    }),
    tokenName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits and - . _ only.")
      .max(100)
      .default("token")
      .meta({
        title: "Token name",
        description: "The name of that form field, query parameter or header.",
        narrowing: "any",
        group: "advanced",
      }),
    scopeSeparator: z
      .string()
      .min(1, "Give the separator, for example a space or a comma.")
      .max(5, "A separator has at most 5 characters.")
      .default(" ")
      .meta({ title: "Scope separator", group: "advanced" }),
    ...answerFields,
  })
  .refine((config) => config.clientAuthentication === "body" || hasReadableClient(config), { message: RAW_COLON, path: ["clientId"] })
  .refine((config) => config.tokenLocation !== "form" || config.method === "POST", {
    message: "The token can be in the form only when the method is POST.",
    path: ["tokenLocation"],
  })
  .refine((config) => config.clientAuthentication !== "body" || config.method === "POST", {
    message: "The client's credentials can be in the body only when the method is POST.",
    path: ["clientAuthentication"],
  })
  .refine((config) => config.tokenLocation !== "header" || config.tokenName.toLowerCase() !== credentialsHeader(config), {
    message: "The client's credentials stand in this header already.",
    path: ["tokenName"],
  })
  .refine(
    (config) => config.tokenLocation !== "form" || config.clientAuthentication !== "body" || !CREDENTIAL_FIELDS.has(config.tokenName),
    {
      message: "The client's credentials stand in this form field already.",
      path: ["tokenName"],
    },
  )
  .refine((config) => config.tokenLocation !== "header" || isFree(config.tokenName), {
    message: "This header belongs to the connection or to the message: the token cannot be in it.",
    path: ["tokenName"],
  })
  .refine((config) => config.clientAuthentication !== "header" || isFree(config.clientAuthenticationHeader), {
    message: "This header belongs to the connection or to the message: the credentials cannot be in it.",
    path: ["clientAuthenticationHeader"],
  });

export type IntrospectionConfig = z.output<typeof introspectionConfigSchema>;

export const introspectionDescriptor: ResourceDescriptor = {
  type: "oauth2-introspection",
  title: "Generic OAuth2 authorization server",
  summary: "Asks any authorization server whether a token is active, by RFC 7662 introspection.",
  help: `For servers that issue opaque tokens, or whose revocations must count soon. The gateway introspects a token when it first sees it and caches a positive response for the time that you choose: a token that is revoked there is still accepted until then.

When the server can't be reached and nothing is cached, requests get 503.`,
  suggestedName: "authorization-server",
  rank: 10,
  examples: [
    {
      title: "A server that takes client credentials as Basic",
      config: { introspectionEndpoint: "https://idp.example.com/introspect", clientId: "gateway" },
    },
    {
      title: "Tokens of one issuer, for this API only, cached for 10 seconds",
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
