import { z } from "zod";
import { idSchema, timeSchema } from "./common";

export const environmentSchema = z.enum(["production", "sandbox"], { error: "production or sandbox." });

export const endpointParamsSchema = z.object({ id: idSchema, environment: environmentSchema });

/** The endpoint as a form has it. It is checked like the one of a definition, with the paths of a definition in the answer. */
export const endpointBodySchema = z.record(z.string(), z.unknown()).meta({
  id: "Endpoint",
  description:
    "An endpoint of a definition, saved or not. A blank secret stands for the stored one, as in a PUT of the draft: never for an address at another origin.",
});

/** Why something did not come of a connection, in one word. */
export const connectionFailureSchema = z.enum([
  "unreachable",
  "timeout",
  "tls",
  "notAllowed",
  "refused",
  "rateLimited",
  "serverError",
  "notAToken",
  "notHttp",
]);
export type ConnectionFailure = z.output<typeof connectionFailureSchema>;

export const connectionTestSchema = z
  .object({
    ok: z.boolean(),
    asked: z
      .enum(["tokenEndpoint", "backend"])
      .meta({ description: "`tokenEndpoint` for oauth2; `backend`, by one GET, for everything else." }),
    kind: connectionFailureSchema.nullable().meta({ description: "Why not; null when it is ok." }),
    message: z.string().meta({ description: "In words. It may name hosts, never a secret or a token." }),
    status: z.int().nullable().meta({ description: "What was answered; null without an answer." }),
    tokenType: z.string().nullable(),
    expiresInSeconds: z.int().nullable().meta({ description: "How long a gateway would keep the token; 0 when it would not." }),
    scope: z.string().nullable(),
    hasRefreshToken: z.boolean(),
    durationMs: z.number(),
  })
  .meta({ id: "ConnectionTest" });
export type ConnectionTestView = z.output<typeof connectionTestSchema>;

/** What one gateway says of the token that it keeps for one endpoint. It never holds the token. */
export const keptTokenSchema = z.object({
  environment: environmentSchema,
  state: z.enum(["none", "kept", "failing", "backingOff"]).meta({
    description: "`none`: no call has asked for one yet. `backingOff`: it failed, and nothing is asked for before `retryAt`.",
  }),
  keptSince: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  lastRenewalAt: timeSchema.nullable(),
  lastError: z.object({ at: timeSchema, kind: z.string(), message: z.string() }).nullable(),
  retryAt: timeSchema.nullable(),
  scope: z.string().nullable(),
  hasRefreshToken: z.boolean(),
});

/** The same in a gateway's row, where the API is not clear from the place. */
export const reportedTokenSchema = keptTokenSchema.extend({ apiId: idSchema });
export type ReportedToken = z.output<typeof reportedTokenSchema>;

export const endpointTokenSchema = keptTokenSchema
  .extend({ gateway: z.object({ id: z.string(), kind: z.enum(["embedded", "data-plane"]) }) })
  .meta({ id: "EndpointToken" });
export type EndpointTokenView = z.output<typeof endpointTokenSchema>;

/** All of one API: at most two for each gateway. */
export const endpointTokenListSchema = z.object({ items: z.array(endpointTokenSchema) });
