import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { etagSchema, idSchema, pageOf, textSchema, timeSchema } from "./common";

const scopeDescription = textSchema(500, "At most 500 characters.");
export const scopeViewSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    default: z.boolean().meta({ description: "Whether it's granted, if the rule allows it, to token requests without scopes." }),
    published: z.boolean().meta({ description: "Whether the server's metadata lists it." }),
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
