import { z } from "zod";
import type { ResourceDescriptor } from "@/lib/definition/registry";

export const builtinConfigSchema = z.strictObject({
  server: z.string().min(1, "Select a Gatewright authorization server.").max(60).default("default").meta({
    title: "Authorization server",
    description: "The ID of a Gatewright authorization server. Every gateway rejects revoked tokens within a second.",
    ui: "server",
  }),
});

export const builtinDescriptor: ResourceDescriptor = {
  type: "oauth2-builtin",
  title: "Gatewright authorization server",
  summary:
    "Accepts tokens from a Gatewright authorization server, checked without a network call. Revoked tokens are rejected within a second.",
  help: `The fastest option, and the only one without an external server. A token's audience must be the server's audience or this API's URL (RFC 8707). Its environment claim selects the production or sandbox endpoint.`,
  suggestedName: "gatewright",
  rank: 20,
  examples: [
    { title: "The default server", config: { server: "default" } },
    { title: "A separate server for partners", config: { server: "partners" } },
  ],
  schema: builtinConfigSchema,
  sentence: (config) => `Accepts tokens of ${String(config.server ?? "default")}`,
};
