import { z } from "zod";
import { secretField } from "@/lib/definition/field-rules";

/** Parameters set by the gateway (RFC 6749, 2.3.1, 4.3.2, 4.4.2, and 6). */
export const RESERVED_PARAMETERS: ReadonlySet<string> = new Set([
  "grant_type",
  "client_id",
  "client_secret",
  "username",
  "password",
  "scope",
  "refresh_token",
]);

const parameterSchema = z
  .strictObject({
    name: z
      .string()
      .min(1, "Enter a parameter name.")
      .max(200, "A parameter's name has at most 200 characters.")
      .refine((name) => name.isWellFormed() && !/[\s\p{Cc}]/u.test(name), "Remove spaces and control characters from the name.")
      // Some servers ignore case, so every spelling is reserved.
      .refine((name) => !RESERVED_PARAMETERS.has(name.toLowerCase()), "The gateway sets this parameter. Use its own field.")
      .meta({ title: "Name", placeholder: "audience" }),
    value: z
      .string()
      .max(4096, "A parameter's value has at most 4096 characters.")
      .refine((value) => value.isWellFormed(), "The text contains an incomplete character. Enter it again.")
      .optional()
      .meta({ title: "Value" }),
    secret: z.boolean().default(false).meta({ title: "Secret", description: "Encrypted, and never shown again." }),
  })
  .superRefine(({ value, secret }, context) => {
    // Reads omit only secrets, so only there is a mask certainly not the value.
    const checked = secret ? maskRule.safeParse(value) : undefined;
    for (const issue of checked?.error?.issues ?? []) context.addIssue({ code: "custom", path: ["value"], message: issue.message });
  });

const maskRule = secretField({ title: "Value", sentTo: [] });

/** Additional parameters of the token request, in order. */
export const parametersField = z
  .array(parameterSchema)
  .max(50, "At most 50 parameters.")
  .default([])
  .superRefine((parameters, context) => {
    const seen = new Set<string>();
    parameters.forEach(({ name }, index) => {
      if (seen.has(name)) context.addIssue({ code: "custom", path: [index, "name"], message: `Parameter ${name} already exists.` });
      seen.add(name);
    });
  })
  .meta({
    title: "Parameters",
    description: "Additional parameters of the token request, such as audience or resource.",
  });
