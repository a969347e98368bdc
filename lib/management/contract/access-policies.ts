import { z } from "zod";
import { scopeSchema } from "@/lib/definition/schema";
import { descriptionSchema, etagSchema, idSchema, nameSchema, pageOf, timeSchema } from "./common";

const lifetimeMinutes = z
  .int("A whole number of minutes.")
  .min(5, "A token lives at least 5 minutes.")
  .max(1440, "A token lives at most 1,440 minutes, a day.");
const grantType = z.enum(["client_credentials"], { error: "Tokens are issued by client_credentials only." });
const ruleScopes = z
  .array(scopeSchema)
  .max(200, "At most 200 scopes.")
  .meta({ description: "Requestable scopes. Empty: all scopes of the server." });
const priority = z
  .int("A whole number.")
  .min(1, "The first place is 1.")
  .max(10_000)
  .meta({ description: "Position in the evaluation order, starting at 1. Other entries move." });
export const accessRuleSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    priority: z.int(),
    enabled: z.boolean(),
    grantTypes: z.array(z.string()),
    scopes: z.array(z.string()),
    lifetimeMinutes: z.int(),
    etag: etagSchema,
  })
  .meta({ id: "AccessRule" });
export type AccessRuleView = z.output<typeof accessRuleSchema>;
export const accessRuleBodySchema = z.strictObject({
  name: nameSchema,
  enabled: z.boolean().default(true),
  grantTypes: z.array(grantType).max(10).default([]),
  scopes: ruleScopes.default([]),
  lifetimeMinutes: lifetimeMinutes.default(60),
  priority: priority.optional(),
});
export const accessRulePatchSchema = z.strictObject({
  name: nameSchema.optional(),
  enabled: z.boolean().optional(),
  grantTypes: z.array(grantType).max(10).optional(),
  scopes: ruleScopes.optional(),
  lifetimeMinutes: lifetimeMinutes.optional(),
  priority: priority.optional(),
});

const policyApplications = z
  .array(idSchema)
  .max(1000, "At most 1,000 applications.")
  .meta({ description: "IDs of the applications it applies to. Empty: all applications of the server." });
export const accessPolicySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    priority: z.int(),
    enabled: z.boolean(),
    applications: z.array(z.string()),
    rules: z.array(accessRuleSchema),
    createdAt: timeSchema,
    etag: etagSchema,
  })
  .meta({ id: "AccessPolicy" });
export type AccessPolicyView = z.output<typeof accessPolicySchema>;
export const accessPolicyListSchema = pageOf(accessPolicySchema);
export const accessPolicyBodySchema = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.default(""),
  enabled: z.boolean().default(true),
  applications: policyApplications.default([]),
  priority: priority.optional(),
  rules: z.array(accessRuleBodySchema).max(50, "At most 50 rules.").default([]),
});
export const accessPolicyPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional(),
  applications: policyApplications.optional(),
  priority: priority.optional(),
});
