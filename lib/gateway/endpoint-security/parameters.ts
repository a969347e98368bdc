import { z } from "zod";
import { secretField } from "@/lib/definition/field-rules";

/** What the gateway itself puts into a token request (RFC 6749, sections 2.3.1, 4.3.2, 4.4.2 and 6). */
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
      .min(1, "Name the parameter.")
      .max(200, "A parameter's name has at most 200 characters.")
      .refine((name) => name.isWellFormed() && !/[\s\p{Cc}]/u.test(name), "Leave spaces and control characters out of the name.")
      // Servers differ in whether they fold case, so no spelling of these is sent twice.
      .refine((name) => !RESERVED_PARAMETERS.has(name.toLowerCase()), "The gateway sends this parameter itself: it has a field of its own.")
      .meta({ title: "Name", placeholder: "audience" }),
    value: z
      .string()
      .max(4096, "A parameter's value has at most 4096 characters.")
      .refine((value) => value.isWellFormed(), "This text has half a character in it. Enter it again.")
      .optional()
      .meta({ title: "Value" }),
    secret: z.boolean().default(false).meta({ title: "Secret", description: "Its value is stored encrypted and never shown again." }),
  })
  .superRefine(({ value, secret }, context) => {
    // Only what is secret is ever left out of what is read, so only there a mask cannot be meant.
    const checked = secret ? maskRule.safeParse(value) : undefined;
    for (const issue of checked?.error?.issues ?? []) context.addIssue({ code: "custom", path: ["value"], message: issue.message });
  });

const maskRule = secretField({ title: "Value", sentTo: [] });

/** Any further parameters of the token request, in the order in which they are sent. */
export const parametersField = z
  .array(parameterSchema)
  .max(50, "At most 50 parameters.")
  .default([])
  .superRefine((parameters, context) => {
    const seen = new Set<string>();
    parameters.forEach(({ name }, index) => {
      if (seen.has(name))
        context.addIssue({ code: "custom", path: [index, "name"], message: `Another parameter is called ${name} already.` });
      seen.add(name);
    });
  })
  .meta({
    title: "Parameters",
    description: "Whatever else the token endpoint asks for, such as audience or resource.",
  });
