import { z } from "zod";
import { idSchema, pageOf, timeSchema } from "./common";
import { reportedTokenSchema } from "./endpoints";

/** The deployments that a gateway runs. */
export const runningSchema = z.array(z.object({ apiId: idSchema, number: z.int() }));

const gatewayKindSchema = z.enum(["embedded", "data-plane"]);

/** Whether a gateway reaches what it depends on; null when it does not use it, or has not said. */
const dependencySchema = z.enum(["connected", "away"]).nullable();
export type DependencyState = z.output<typeof dependencySchema>;

/** The Redis that a gateway is configured with, as far as people may see it. */
const redisServerSchema = z.object({
  host: z.string(),
  port: z.int(),
  username: z.string().nullable().meta({ description: "null: the default user, or no authentication at all." }),
  hasPassword: z.boolean(),
  database: z.int(),
  tls: z.boolean(),
  connectTimeoutMs: z.int().meta({ description: "How long a connection may take to stand, in milliseconds." }),
});
export type RedisServerView = z.output<typeof redisServerSchema>;

/** What a gateway says of itself in its row. A former version says less. */
export const gatewayStateSchema = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  degraded: z.array(z.string()),
  workers: z.int(),
  dependencies: z.object({ postgres: z.boolean().optional(), redis: z.boolean().optional() }).default({}),
  redisServer: redisServerSchema.nullable().default(null),
  endpointTokens: z.array(reportedTokenSchema).default([]),
});

export const gatewaySchema = z
  .object({
    id: z.string(),
    kind: gatewayKindSchema,
    self: z.boolean().meta({ description: "It is the one in the console that answers." }),
    host: z.string(),
    url: z.string(),
    version: z.string(),
    since: timeSchema,
    seenAt: timeSchema.meta({ description: "When it last reported itself. Not for a quarter of a minute: it is away." }),
    live: z.boolean().meta({ description: "It was seen within the last 12 seconds and takes requests." }),
    status: z.enum(["starting", "serving", "draining", "away"]),
    degraded: z.array(z.string()).meta({ description: "What is not as it should be while it serves." }),
    postgres: dependencySchema,
    redis: dependencySchema.meta({ description: "null: it uses none, or has not said yet." }),
    redisServer: redisServerSchema.nullable().meta({
      description: "The Redis that it is configured with, never with the password. null: none, or a former version that does not say it.",
    }),
    workers: z.int().meta({ description: "How many processes serve its calls." }),
    deployments: runningSchema,
  })
  .meta({ id: "Gateway" });
export type GatewayView = z.output<typeof gatewaySchema>;
export const gatewayListSchema = pageOf(gatewaySchema);

export const deploymentGatewaysSchema = z
  .object({
    live: z.int().meta({ description: "How many gateways run this very deployment." }),
    of: z
      .int()
      .meta({ description: "How many gateways there are: those that were seen within the last quarter of a minute and do not end." }),
    gateways: z.array(
      z.object({
        id: z.string(),
        kind: gatewayKindSchema,
        number: z.int().nullable().meta({ description: "The deployment of this API that it runs; null for none." }),
        seenAt: timeSchema,
      }),
    ),
  })
  .meta({ id: "DeploymentGateways" });
export type DeploymentGatewaysView = z.output<typeof deploymentGatewaysSchema>;
