import { z } from "zod";
import { httpUrl } from "@/lib/definition/field-rules";
import type { ResourceDescriptor } from "@/lib/definition/registry";
import { RAW_COLON } from "../claim-fields";
import { answerFields, clientFields, hasReadableClient } from "../introspection/fields";

/** A domain is one segment of the path, whatever its characters: a slash or a dot segment would lead somewhere else. */
const isOneSegment = (domain: string) =>
  !/[/\\\p{Cc}\p{Cs}]/u.test(domain) && domain !== "." && domain !== ".." && domain === domain.trim();

const fields = z.strictObject({
  serverUrl: httpUrl({
    title: "Server URL",
    description: "URL of the Gravitee Access Management gateway, without the security domain.",
    placeholder: "https://am.example.com",
  }),
  version: z.enum(["V3", "V2", "V1"]).default("V3").meta({
    title: "Version",
    description:
      "V1 uses /oauth/check_token, later versions /oauth/introspect. A token is valid only if the response contains active: true; V1 servers that omit it aren't supported.",
    narrowing: "any",
  }),
  securityDomain: z
    .string()
    .min(1, "Enter the security domain.")
    .max(200, "Maximum: 200 characters.")
    .refine(isOneSegment, "Enter one name without slashes.")
    .meta({ title: "Security domain", placeholder: "my-domain" }),
  ...clientFields("serverUrl"),
  ...answerFields,
});

export const graviteeAmConfigSchema = fields.refine(hasReadableClient, { message: RAW_COLON, path: ["clientId"] });

export type GraviteeAmConfig = z.output<typeof graviteeAmConfigSchema>;

export const graviteeAmDescriptor: ResourceDescriptor = {
  type: "oauth2-gravitee-am",
  title: "Gravitee AM authorization server",
  summary: "Introspects tokens at a security domain of Gravitee Access Management.",
  help: `For tokens from a security domain of Gravitee Access Management. Uses the domain's introspection endpoint at the path of the selected version, and caches like the generic authorization server.`,
  suggestedName: "gravitee-am",
  rank: 40,
  examples: [{ title: "A security domain", config: { serverUrl: "https://am.example.com", securityDomain: "shop", clientId: "gateway" } }],
  schema: graviteeAmConfigSchema,
  sentence: (config) => `Introspects at the domain ${String(config.securityDomain ?? "…")} of ${String(config.serverUrl ?? "…")}`,
};
