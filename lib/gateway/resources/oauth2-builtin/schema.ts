import { z } from "zod";
import type { ResourceDescriptor } from "@/lib/definition/registry";

export const builtinConfigSchema = z.strictObject({
  server: z.string().min(1, "Choose one of Gatewright's authorization servers.").max(60).default("default").meta({
    title: "Authorization server",
    description: "One of Gatewright's own, by its id. A token that is revoked there is refused by every gateway within a second.",
    ui: "server",
  }),
});

export const builtinDescriptor: ResourceDescriptor = {
  type: "oauth2-builtin",
  title: "Gatewright authorization server",
  summary:
    "Accepts tokens of one of Gatewright's own authorization servers, checked without a network call. Revoked ones are refused within a second.",
  help: `The fastest way, and the one that needs no other server. Tokens have to be meant for the server's audience or for this API's own address (RFC 8707). The environment claim of a token selects the production or the sandbox endpoint.`,
  suggestedName: "gatewright",
  rank: 20,
  examples: [
    { title: "The default server", config: { server: "default" } },
    { title: "A server of its own for partners", config: { server: "partners" } },
  ],
  schema: builtinConfigSchema,
  sentence: (config) => `Accepts tokens of ${String(config.server ?? "default")}`,
};
