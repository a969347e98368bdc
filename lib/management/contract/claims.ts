import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { etagSchema, idSchema, pageOf, timeSchema } from "./common";

const claimScopes = z
  .array(scopeSchema)
  .max(100, "At most 100 scopes.")
  .meta({ description: "Adds the claim to tokens with at least one of these scopes. Empty: to all tokens." });
const claimKind = z.enum(["static", "expression"], { error: "static or expression." });
const claimValue = z
  .json()
  .meta({ description: "The claim's value. With kind `expression`: a CEL expression over client, scopes, and server." });
export const claimSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: claimKind,
    value: z.json(),
    scopes: z.array(z.string()),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "Claim" });
export type ClaimView = z.output<typeof claimSchema>;
export const claimListSchema = pageOf(claimSchema);
export const claimBodySchema = z.strictObject({
  name: z
    .string()
    .min(1, "Give the claim a name.")
    .max(100, "At most 100 characters.")
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "A claim's name has no spaces, quotes or backslashes, and only ASCII."),
  kind: claimKind.default("static"),
  value: claimValue,
  scopes: claimScopes.default([]),
});
export const claimPatchSchema = z.strictObject({
  kind: claimKind.optional(),
  value: claimValue.optional(),
  scopes: claimScopes.optional(),
});
