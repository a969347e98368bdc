import { z } from "zod";
import { idSchema, timeSchema } from "./common";

export const environmentSchema = z.enum(["production", "sandbox"], { error: "production or sandbox." });

export const endpointParamsSchema = z.object({ id: idSchema, environment: environmentSchema });

/** An endpoint, validated as part of a definition; errors have the paths of a definition. */
export const endpointBodySchema = z.record(z.string(), z.unknown()).meta({
  id: "Endpoint",
  description:
    "An endpoint of a definition, saved or not. A blank secret means the stored one, as in a PUT of the draft, unless a URL's origin changed.",
});

/** Why a connection failed. */
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
    asked: z.enum(["tokenEndpoint", "backend"]).meta({ description: "`tokenEndpoint` with oauth2; otherwise `backend`, with one GET." }),
    kind: connectionFailureSchema.nullable().meta({ description: "Reason of the failure; null on success." }),
    message: z.string().meta({ description: "Result as text. May contain hosts, never secrets or tokens." }),
    status: z.int().nullable().meta({ description: "Status of the response; null without one." }),
    tokenType: z.string().nullable(),
    expiresInSeconds: z.int().nullable().meta({ description: "How long a gateway would cache the token; 0 if it wouldn't." }),
    scope: z.string().nullable(),
    hasRefreshToken: z.boolean(),
    durationMs: z.number(),
  })
  .meta({ id: "ConnectionTest" });
export type ConnectionTestView = z.output<typeof connectionTestSchema>;

/** State of one gateway's cached token for one endpoint, without the token. */
export const cachedTokenSchema = z.object({
  environment: environmentSchema,
  state: z.enum(["none", "kept", "failing", "backingOff"]).meta({
    description:
      "`none`: no request has needed one. `kept`: cached. `failing`: the last token request failed. `backingOff`: no token requests until `retryAt`.",
  }),
  keptSince: timeSchema.nullable(),
  expiresAt: timeSchema.nullable(),
  lastRenewalAt: timeSchema.nullable(),
  lastError: z.object({ at: timeSchema, kind: z.string(), message: z.string() }).nullable(),
  retryAt: timeSchema.nullable(),
  scope: z.string().nullable(),
  hasRefreshToken: z.boolean(),
});

/** A cached token's state in a gateway's row, with the API's ID. */
export const reportedTokenSchema = cachedTokenSchema.extend({ apiId: idSchema });
export type ReportedToken = z.output<typeof reportedTokenSchema>;

export const endpointTokenSchema = cachedTokenSchema
  .extend({ gateway: z.object({ id: z.string(), kind: z.enum(["embedded", "data-plane"]) }) })
  .meta({ id: "EndpointToken" });
export type EndpointTokenView = z.output<typeof endpointTokenSchema>;

/** All tokens of one API: at most two per gateway. */
export const endpointTokenListSchema = z.object({ items: z.array(endpointTokenSchema) });
