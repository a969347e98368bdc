import { z } from "zod";
import { headerName, httpUrl, secretField } from "@/lib/definition/field-rules";
import type { ResourceDescriptor } from "@/lib/definition/registry";
import { isProtectedHeader } from "../../protected-headers";
import { claimFields } from "../claim-fields";

/** The header in which the client's credentials stand, in lower case, if they stand in one. */
function credentialsHeader(config: { clientAuthentication: string; clientAuthenticationHeader: string }): string | undefined {
  if (config.clientAuthentication === "basic") return "authorization";
  return config.clientAuthentication === "header" ? config.clientAuthenticationHeader.toLowerCase() : undefined;
}

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
    clientId: z
      .string()
      .min(1, "Give the client that the gateway introspects with.")
      .max(500, "A client id has at most 500 characters.")
      .meta({ title: "Client id", description: "The gateway's own client at that server." }),
    clientSecret: secretField({
      title: "Client secret",
      required: true,
      sentTo: ["introspectionEndpoint"],
    }),
    clientAuthentication: z.enum(["basic", "body", "header"]).default("basic").meta({
      title: "Client authentication",
      description: "basic: an Authorization header. body: form fields. header: Basic credentials in a header of another name.",
      group: "advanced",
    }),
    clientAuthenticationHeader: headerName({
      title: "Client authentication header",
      description: "The header that carries the Basic credentials.",
      group: "advanced",
      showIf: { field: "clientAuthentication", equals: "header" },
    }).default("Authorization"),
    method: z.enum(["POST", "GET"]).default("POST").meta({ title: "Method", group: "advanced" }),
    tokenLocation: z.enum(["form", "query", "header"]).default("form").meta({
      title: "Token location",
      description: "Where the token stands in the introspection request. form needs POST.",
      group: "advanced",
    }),
    tokenName: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, "Letters, digits and - . _ only.")
      .max(100)
      .default("token")
      .meta({ title: "Token name", description: "The name of that form field, query parameter or header.", group: "advanced" }),
    scopeSeparator: z
      .string()
      .min(1, "Give the separator, for example a space or a comma.")
      .max(5, "A separator has at most 5 characters.")
      .default(" ")
      .meta({ title: "Scope separator", group: "advanced" }),
    ...claimFields,
    audiences: z
      .array(z.string().min(1).max(500))
      .max(20, "At most 20 audiences.")
      .default([])
      .meta({ title: "Audiences", description: "If any are given, the token names at least one of them.", group: "advanced" }),
    cacheTtlSeconds: z
      .int("Whole seconds only.")
      .min(0, "0 asks the server on every call.")
      .max(86_400, "At most a day.")
      .default(60)
      .meta({
        title: "Keep a positive answer for (seconds)",
        description: "A token revoked at the server is refused here at the latest after this time. 0 asks on every call.",
        ui: "seconds",
      }),
    timeoutMs: z.int("Whole milliseconds only.").min(100).max(60_000).default(5000).meta({ title: "Timeout (ms)", group: "advanced" }),
  })
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
  .refine((config) => config.tokenLocation !== "header" || !isProtectedHeader(config.tokenName), {
    message: "This header belongs to the connection: the token cannot be in it.",
    path: ["tokenName"],
  })
  .refine((config) => config.clientAuthentication !== "header" || !isProtectedHeader(config.clientAuthenticationHeader), {
    message: "This header belongs to the connection: the credentials cannot be in it.",
    path: ["clientAuthenticationHeader"],
  });

export type IntrospectionConfig = z.output<typeof introspectionConfigSchema>;

export const introspectionDescriptor: ResourceDescriptor = {
  type: "oauth2-introspection",
  title: "Generic OAuth2 authorization server",
  summary: "Asks any authorization server whether a token is active, by RFC 7662 introspection.",
  schema: introspectionConfigSchema,
  sentence: (config) => `Introspects at ${String(config.introspectionEndpoint ?? "…")}`,
};
