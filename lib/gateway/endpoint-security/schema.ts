import { z } from "zod";
import { httpUrl, secretField } from "@/lib/definition/field-rules";
import type { FieldMeta } from "@/lib/definition/registry";
import { caField } from "../resources/ca-field";
import { parametersField } from "./parameters";

/** Lone surrogates have no UTF-8 encoding and would be replaced (RFC 6749, appendix B). */
const wellFormed = (value: string | undefined) => value === undefined || value.isWellFormed();
const NOT_WELL_FORMED = "The text contains an incomplete character. Enter it again.";

/** RFC 7617, 2: the username and password have no control characters. */
const withoutControls = (value: string | undefined) => value === undefined || !/\p{Cc}/u.test(value);
const HAS_CONTROLS = "Remove line breaks and other control characters.";

const text = (meta: FieldMeta & { title: string }) =>
  z
    .string()
    .max(500, `${meta.title}: at most 500 characters.`)
    .refine(wellFormed, NOT_WELL_FORMED)
    .meta({ ...meta });

const userName = (meta: FieldMeta) => text({ title: "Username", ...meta });

const passwordSentToBackend = secretField({ title: "Password", required: true, sentTo: ["url"] })
  .refine(wellFormed, NOT_WELL_FORMED)
  .refine(withoutControls, HAS_CONTROLS);

const noneSchema = z
  .strictObject({ type: z.literal("none") })
  .meta({ title: "None", description: "The gateway sends no credentials to the backend." });

const basicSchema = z
  .strictObject({
    type: z.literal("basic"),
    username: userName({ description: "The gateway's user at the backend (RFC 7617)." })
      .min(1, "Enter the gateway's username.")
      .refine((value) => !value.includes(":"), "A Basic username can't contain a colon (RFC 7617): it separates the password.")
      .refine(withoutControls, HAS_CONTROLS),
    password: passwordSentToBackend,
  })
  .meta({ title: "Basic", description: "Sends a username and password with every request." });

const digestSchema = z
  .strictObject({
    type: z.literal("digest"),
    username: userName({ description: "The gateway's user at the backend (RFC 7616)." })
      .min(1, "Enter the gateway's username.")
      .refine((value) => !value.includes(":"), "A Digest username can't contain a colon (RFC 7616): it separates the realm.")
      .refine(withoutControls, HAS_CONTROLS),
    password: passwordSentToBackend,
  })
  .meta({
    title: "Digest",
    description: "Sends a username and a hash of the password with every request: MD5 or SHA-256, qop auth.",
  });

const forPassword = { field: "grantType", equals: "password" } as const;

const oauth2Schema = z
  .strictObject({
    type: z.literal("oauth2"),
    grantType: z.enum(["clientCredentials", "password"]).default("clientCredentials").meta({
      title: "Grant",
      description:
        "clientCredentials: the gateway's own client. password: a resource owner, for legacy backends only; RFC 9700, 2.4, forbids this grant.",
    }),
    tokenUrl: httpUrl(
      {
        title: "Token URL",
        description: "Token endpoint of the backend's authorization server. Redirects aren't followed.",
        placeholder: "https://idp.internal/oauth2/token",
      },
      { query: true },
    ),
    clientId: text({ title: "Client ID", description: "The gateway's client at this server." }).min(1, "Enter the gateway's client ID."),
    clientSecret: secretField({ title: "Client secret", required: true, sentTo: ["tokenUrl", "url"] }).refine(wellFormed, NOT_WELL_FORMED),
    username: userName({ description: "Username of the resource owner.", showIf: forPassword }).optional(),
    password: secretField({ title: "Password", sentTo: ["tokenUrl", "url"], showIf: forPassword }).refine(wellFormed, NOT_WELL_FORMED),
    scope: z
      .string()
      .max(2000, "Scopes have at most 2,000 characters in total.")
      .regex(/^(?:[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)?$/, "Separate scopes with one space.")
      .default("")
      .meta({ title: "Scope", description: "Requested scopes, separated by spaces. Empty: the server's default." }),
    parameters: parametersField,
    clientAuthentication: z.enum(["basic", "body"]).default("basic").meta({
      title: "Client authentication",
      description: "basic: an Authorization header. body: form fields.",
      group: "advanced",
    }),
    basicEncoding: z
      .enum(["form", "raw"])
      .default("form")
      .meta({
        title: "Encoding of the Basic credentials",
        description:
          "form: form-encodes the client ID and secret (RFC 6749, 2.3.1). raw: sends them unencoded, for servers that require it.",
        group: "advanced",
        showIf: { field: "clientAuthentication", equals: "basic" },
      }),
    skewSeconds: z.int("Whole seconds only.").min(0).max(3600, "At most 3,600 seconds.").default(30).meta({
      title: "Renew before expiry (seconds)",
      description: "Renews a token this long before it expires, while requests use the old one. Limited to half its lifetime.",
      ui: "seconds",
      group: "advanced",
    }),
    timeoutMs: z.int("Whole milliseconds only.").min(100, "At least 100 ms.").max(60_000, "At most 60,000 ms.").default(10_000).meta({
      title: "Token endpoint timeout (ms)",
      description: "Maximum time for a token request.",
      group: "advanced",
    }),
    ...caField,
    useRefreshToken: z.boolean().default(true).meta({
      title: "Use refresh tokens",
      description: "Renews with the server's refresh token. If the server rejects it, the grant is used again.",
      group: "advanced",
    }),
  })
  .refine((security) => security.grantType !== "password" || (security.username ?? "") !== "", {
    message: "The password grant requires a username.",
    path: ["username"],
  })
  .refine((security) => security.clientAuthentication !== "basic" || security.basicEncoding !== "raw" || !security.clientId.includes(":"), {
    message: "With raw encoding, the client ID can't contain a colon: it separates the secret.",
    path: ["clientId"],
  })
  .meta({ title: "OAuth 2.0", description: "The gateway gets, caches, and renews a token from the backend's authorization server." });

/** The gateway's authentication at a backend. Secrets are write-only and stored separately. Safe for the browser. */
export const endpointSecuritySchema = z
  .discriminatedUnion("type", [noneSchema, basicSchema, digestSchema, oauth2Schema])
  .meta({ title: "Endpoint security", description: "How the gateway authenticates at the backend." });

/** The members of {@link endpointSecuritySchema}, for forms. */
export const endpointSecurityTypes = { none: noneSchema, basic: basicSchema, digest: digestSchema, oauth2: oauth2Schema } as const;

export type EndpointSecurity = z.output<typeof endpointSecuritySchema>;
export type EndpointSecurityType = EndpointSecurity["type"];
export type OAuth2Security = Extract<EndpointSecurity, { type: "oauth2" }>;
