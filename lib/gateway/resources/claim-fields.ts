import { z } from "zod";

/** How a claim is named. */
const PATH_HELP = "Use a path such as realm_access.roles for nested claims; escape a dot in a name as \\.";

const claimPath = () => z.string().min(1).max(200, "Maximum: 200 characters.");

const claimPaths = () =>
  z
    .string()
    .max(500, "Maximum: 500 characters.")
    .refine((value) => value.trim() !== "", "Enter a claim, or omit the field.");

/**
 * The fields of every external server's resource that say which claims name the user, the client and the scopes, and select the
 * endpoint. Safe for the browser.
 */
export const claimFields = {
  scopesClaim: claimPaths()
    .optional()
    .meta({
      title: "Scopes claim",
      description: `The claim with the token's scopes: a list, or text separated by spaces or commas. Separate several claims with spaces to merge them. Default: scope, or scp if scope is empty. ${PATH_HELP}`,
      placeholder: "roles",
      group: "advanced",
    }),
  clientClaim: claimPaths()
    .optional()
    .meta({
      title: "Client claim",
      description: `The claim with the client ID. If you list several, separated by spaces, the first one in the token is used. Default: client_id, azp, cid, appid. ${PATH_HELP}`,
      placeholder: "client_id azp",
      narrowing: "any",
      group: "advanced",
    }),
  userClaim: claimPath()
    .default("sub")
    .meta({ title: "User claim", description: `The claim with the user. ${PATH_HELP}`, narrowing: "any", group: "advanced" }),
  environmentClaim: claimPath().default("environment").meta({
    title: "Environment claim",
    description: "The claim or path that selects the endpoint.",
    narrowing: "any",
    group: "advanced",
  }),
  sandboxValue: z.string().min(1).max(100).default("sandbox").meta({
    title: "Sandbox value",
    description: "The claim value that selects the sandbox endpoint.",
    narrowing: "any",
    group: "advanced",
  }),
};

/** How the gateway's own client ID and secret are joined for Basic, as endpoint security has it. Safe for the browser. */
export const basicEncodingField = {
  basicEncoding: z.enum(["form", "raw"]).default("form").meta({
    title: "Basic credentials encoding",
    description:
      "form: client ID and secret are form-encoded first (RFC 6749, 2.3.1). raw: not encoded, for servers such as WSO2 with an email address as client ID.",
    narrowing: "any",
    group: "advanced",
  }),
};

/** The message for a colon in a raw client ID. */
export const RAW_COLON = "Raw Basic credentials can't have a colon in the client ID: it separates the secret.";
