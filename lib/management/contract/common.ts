import { z } from "zod";

/** The id of a stored thing, as it stands in URLs. */
export const idSchema = z.string().min(1).max(80);

/** The number of a deployment: what Postgres counts in four bytes. */
export const deploymentNumberSchema = z.coerce
  .number()
  .int("A whole number.")
  .min(1, "Deployments count from 1.")
  .max(2_147_483_647, "No deployment has such a number.");

/** A point in time, ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime().meta({ description: "ISO 8601, UTC" });

/** The query of a list: where to go on, and how many at most. */
export const pageQuerySchema = z.object({
  cursor: z.string().max(200).optional().meta({ description: "`nextCursor` of the former answer" }),
  limit: z.coerce.number().int("A whole number.").min(1, "At least 1.").max(200, "At most 200.").default(100),
});

/** The answer of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** One thing that is wrong with an input. */
export const problemItemSchema = z.object({ path: z.string(), message: z.string() });

/** RFC 9457 problem details; `errors` names each invalid path. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z.array(problemItemSchema).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details" });

export type ProblemBody = z.output<typeof problemSchema>;
