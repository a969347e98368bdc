import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { etagSchema, idSchema, pageOf, textSchema, timeSchema } from "./common";

const scopeDescription = textSchema(500, "At most 500 characters.");
export const scopeViewSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    default: z.boolean().meta({ description: "Granted, where the rule allows it, when a request names no scope." }),
    published: z.boolean().meta({ description: "Named in the server's metadata." }),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "Scope" });
export type ScopeView = z.output<typeof scopeViewSchema>;
export const scopeListSchema = pageOf(scopeViewSchema);
export const scopeBodySchema = z.strictObject({
  name: scopeSchema,
  description: scopeDescription.default(""),
  default: z.boolean().default(false),
  published: z.boolean().default(false),
});
export const scopePatchSchema = z.strictObject({
  description: scopeDescription.optional(),
  default: z.boolean().optional(),
  published: z.boolean().optional(),
});
