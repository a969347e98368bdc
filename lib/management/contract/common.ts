import { z } from "zod";
import { obeys } from "@/lib/definition/field-rules";
import { descriptionProblem, nameProblem } from "@/lib/definition/shown-text";

/** ID of a resource, as used in URLs. */
export const idSchema = z.string().min(1).max(80);

/** A name or label: one line of visible characters, or empty. */
export const labelSchema = (message: string) => z.string().trim().max(120, message).superRefine(obeys(nameProblem));

/** A multi-line text without control characters. */
export const textSchema = (maxLength: number, message: string) => z.string().max(maxLength, message).superRefine(obeys(descriptionProblem));

/** Describes a number in a URL as an integer rather than as text. */
const asInteger =
  (more: Record<string, number>) =>
  ({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void => {
    delete jsonSchema.pattern;
    Object.assign(jsonSchema, { type: "integer", ...more });
  };

/** A whole number in a URL, in digits only: rejects `1e3`, ` 5 `, `0x10` and an empty value. */
function numberInUrl(minimum: number, maximum: number, message: string) {
  return z
    .string(message)
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, message);
}

/** A deployment number: a positive 32-bit integer in Postgres. */
export const deploymentNumberSchema = numberInUrl(
  1,
  2_147_483_647,
  "The number of a deployment is a whole number from 1 to 2,147,483,647.",
).meta({ override: asInteger({ minimum: 1, maximum: 2_147_483_647 }) });

/** A point in time, ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime().meta({ description: "ISO 8601, UTC" });

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 100;

/** An ETag as in the header, with quotes. */
export const etagSchema = z.string().meta({ description: "ETag, for If-Match." });

/** Query parameters of a list. */
export const pageQuerySchema = z.object({
  cursor: z
    .string()
    .max(8000, "No cursor is that long. Send the nextCursor of the previous response unchanged.")
    .optional()
    .meta({ description: "`nextCursor` of the previous response, unchanged." }),
  limit: numberInUrl(1, LIMIT_MAX, `The limit is a whole number from 1 to ${LIMIT_MAX}. Leave it out for ${LIMIT_DEFAULT}.`)
    .default(LIMIT_DEFAULT)
    .meta({
      description: "Maximum items in the response.",
      override: asInteger({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT }),
    }),
});

/** The response of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** One problem of an input. */
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

/** A required name. */
export const nameSchema = labelSchema("A name has at most 120 characters.").min(1, "Give a name.");

/** A description. */
export const descriptionSchema = textSchema(2000, "At most 2,000 characters.");
