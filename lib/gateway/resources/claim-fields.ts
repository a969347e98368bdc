import { z } from "zod";

/** The fields of every foreign server's resource that say which claims name the user and select the endpoint. Safe for the browser. */
export const claimFields = {
  userClaim: z.string().min(1).max(100).default("sub").meta({ title: "User claim", group: "advanced" }),
  environmentClaim: z
    .string()
    .min(1)
    .max(100)
    .default("environment")
    .meta({ title: "Environment claim", description: "The claim that selects the endpoint.", group: "advanced" }),
  sandboxValue: z
    .string()
    .min(1)
    .max(100)
    .default("sandbox")
    .meta({ title: "Sandbox value", description: "The value of that claim that selects the sandbox endpoint.", group: "advanced" }),
};
