import { z } from "zod";
import { idSchema, pageOf, timeSchema } from "./common";
import { reportedTokenSchema } from "./endpoints";

/** The deployments that a gateway runs. */
export const runningSchema = z.array(z.object({ apiId: idSchema, number: z.int() }));

const gatewayKindSchema = z.enum(["embedded", "data-plane"]);

/** Whether a gateway reaches a dependency; null if it doesn't use it or hasn't reported it. */
const dependencySchema = z.enum(["connected", "away"]).nullable();
export type DependencyState = z.output<typeof dependencySchema>;

/** A gateway's Redis configuration without the password. */
const redisServerSchema = z.object({
  host: z.string(),
  port: z.int(),
  username: z.string().nullable().meta({ description: "null: default user or no authentication." }),
  hasPassword: z.boolean(),
  database: z.int(),
  tls: z.boolean(),
  connectTimeoutMs: z.int().meta({ description: "Connection timeout in milliseconds." }),
});
export type RedisServerView = z.output<typeof redisServerSchema>;

/** State that a gateway reports in its row. Earlier versions report less. */
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
    self: z.boolean().meta({ description: "Whether it's the gateway embedded in the responding console." }),
    host: z.string(),
    url: z.string(),
    version: z.string(),
    since: timeSchema,
    seenAt: timeSchema.meta({ description: "Time of its last report. After 15 seconds without one, its status is `away` (offline)." }),
    live: z.boolean().meta({ description: "Whether it reported within the last 12 seconds and serves requests." }),
    status: z.enum(["starting", "serving", "draining", "away"]),
    degraded: z.array(z.string()).meta({ description: "Problems that don't prevent it from serving." }),
    postgres: dependencySchema,
    redis: dependencySchema.meta({ description: "null: not used or not reported yet." }),
    redisServer: redisServerSchema.nullable().meta({
      description: "Redis configuration without the password. null: none, or not reported by an earlier version.",
    }),
    workers: z.int().meta({ description: "Number of processes that serve its requests." }),
    deployments: runningSchema,
  })
  .meta({ id: "Gateway" });
export type GatewayView = z.output<typeof gatewaySchema>;
export const gatewayListSchema = pageOf(gatewaySchema);

export const deploymentGatewaysSchema = z
  .object({
    live: z.int().meta({ description: "Number of gateways running this deployment." }),
    of: z.int().meta({ description: "Number of gateways that reported within the last 15 seconds and aren't draining." }),
    gateways: z.array(
      z.object({
        id: z.string(),
        kind: gatewayKindSchema,
        number: z.int().nullable().meta({ description: "Number of the API's deployment that it's running; null: none." }),
        seenAt: timeSchema,
      }),
    ),
  })
  .meta({ id: "DeploymentGateways" });
export type DeploymentGatewaysView = z.output<typeof deploymentGatewaysSchema>;
