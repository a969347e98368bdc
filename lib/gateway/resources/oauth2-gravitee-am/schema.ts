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
    description: "Gravitee Access Management's gateway, without the security domain.",
    placeholder: "https://am.example.com",
  }),
  version: z.enum(["V3", "V2", "V1"]).default("V3").meta({
    title: "Version",
    description:
      "V1 is asked at /oauth/check_token, later ones at /oauth/introspect. With each of them a token is good only when the answer says active: true; a V1 server that does not say so cannot be used.",
    narrowing: "any",
  }),
  securityDomain: z
    .string()
    .min(1, "Name the security domain.")
    .max(200, "A security domain has at most 200 characters.")
    .refine(isOneSegment, "A security domain is one name, without slashes.")
    .meta({ title: "Security domain", placeholder: "my-domain" }),
  ...clientFields("serverUrl"),
  ...answerFields,
});

export const graviteeAmConfigSchema = fields.refine(hasReadableClient, { message: RAW_COLON, path: ["clientId"] });

export type GraviteeAmConfig = z.output<typeof graviteeAmConfigSchema>;

export const graviteeAmDescriptor: ResourceDescriptor = {
  type: "oauth2-gravitee-am",
  title: "Gravitee AM authorization server",
  summary: "Asks a security domain of Gravitee Access Management whether a token is active.",
  help: `For tokens of a security domain of Gravitee Access Management. It asks the domain's introspection endpoint, at the path of the version that you choose, and caches as the generic authorization server does.`,
  suggestedName: "gravitee-am",
  rank: 40,
  examples: [{ title: "A security domain", config: { serverUrl: "https://am.example.com", securityDomain: "shop", clientId: "gateway" } }],
  schema: graviteeAmConfigSchema,
  sentence: (config) => `Introspects at the domain ${String(config.securityDomain ?? "…")} of ${String(config.serverUrl ?? "…")}`,
};
