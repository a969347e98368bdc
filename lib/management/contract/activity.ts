import { z } from "zod";
import { idSchema, pageOf, timeSchema } from "./common";

export const activitySchema = z
  .object({
    id: idSchema,
    at: timeSchema,
    actor: z.string(),
    action: z.string(),
    target: z.string(),
    targetId: z.string(),
    summary: z.string(),
  })
  .meta({ id: "Activity" });
export type ActivityView = z.output<typeof activitySchema>;
export const activityListSchema = pageOf(activitySchema);
