import { z } from "zod";
import { idSchema, pageOf, timeSchema } from "./common";

/** The deployments that a gateway runs. */
export const runningSchema = z.array(z.object({ apiId: idSchema, number: z.int() }));

/** What a gateway says of itself in its row. */
export const gatewayStateSchema = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  degraded: z.array(z.string()),
  workers: z.int(),
});

export const gatewaySchema = z
  .object({
    id: z.string(),
    kind: z.enum(["embedded", "data-plane"]),
    host: z.string(),
    url: z.string(),
    version: z.string(),
    since: timeSchema,
    seenAt: timeSchema.meta({ description: "When it last reported itself. Not for a quarter of a minute: it is away." }),
    status: z.enum(["starting", "serving", "draining", "away"]),
    degraded: z.array(z.string()).meta({ description: "What is not as it should be while it serves." }),
    workers: z.int().meta({ description: "How many processes serve its calls." }),
    deployments: runningSchema,
  })
  .meta({ id: "Gateway" });
export type GatewayView = z.output<typeof gatewaySchema>;
export const gatewayListSchema = pageOf(gatewaySchema);
