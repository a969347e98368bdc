import { z } from "zod";

/** How a claim is named. */
const PATH_HELP = "A path such as realm_access.roles leads into a claim; write a dot that is part of a name as \\.";

const claimPath = () => z.string().min(1).max(200, "The name of a claim has at most 200 characters.");

const claimPaths = () =>
  z
    .string()
    .max(500, "At most 500 characters.")
    .refine((value) => value.trim() !== "", "Name a claim, or leave the field out.");

/**
 * The fields of every external server's resource that say which claims name the user, the client and the scopes, and select the
 * endpoint. Safe for the browser.
 */
export const claimFields = {
  scopesClaim: claimPaths()
    .optional()
    .meta({
      title: "Scopes claim",
      description: `The claim with what a token may do, as a list, or as text with spaces or commas. Several names with spaces between them are read together. Default: scope, or scp when scope is empty. ${PATH_HELP}`,
      placeholder: "roles",
      group: "advanced",
    }),
  clientClaim: claimPaths()
    .optional()
    .meta({
      title: "Client claim",
      description: `The claim with the client ID. Of several names with spaces between them, the first that the token has counts. Default: client_id, azp, cid, appid. ${PATH_HELP}`,
      placeholder: "client_id azp",
      narrowing: "any",
      group: "advanced",
    }),
  userClaim: claimPath()
    .default("sub")
    .meta({ title: "User claim", description: `The claim with the user. ${PATH_HELP}`, narrowing: "any", group: "advanced" }),
  environmentClaim: claimPath().default("environment").meta({
    title: "Environment claim",
    description: "The claim that selects the endpoint. It can be a path, too.",
    narrowing: "any",
    group: "advanced",
  }),
  sandboxValue: z.string().min(1).max(100).default("sandbox").meta({
    title: "Sandbox value",
    description: "The value of that claim that selects the sandbox endpoint.",
    narrowing: "any",
    group: "advanced",
  }),
};

/** How the gateway's own client ID and secret are joined for Basic, as endpoint security has it. Safe for the browser. */
export const basicEncodingField = {
  basicEncoding: z.enum(["form", "raw"]).default("form").meta({
    title: "Encoding of the Basic credentials",
    description:
      "form: client ID and secret are form-encoded first (RFC 6749, 2.3.1). raw: for servers that expect them as they are, such as WSO2's with an email address as client ID.",
    narrowing: "any",
    group: "advanced",
  }),
};

/** Refuses raw credentials whose client ID would end early. */
export const RAW_COLON = "Raw Basic credentials allow no colon in the client ID: the secret would begin there.";
