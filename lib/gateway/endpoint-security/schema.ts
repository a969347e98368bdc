import { z } from "zod";
import { httpUrl, secretField } from "@/lib/definition/field-rules";
import type { FieldMeta } from "@/lib/definition/registry";
import { caField } from "../resources/ca-field";
import { parametersField } from "./parameters";

/** Lone surrogates have no UTF-8: another character would arrive in their place (RFC 6749, appendix B). */
const wellFormed = (value: string | undefined) => value === undefined || value.isWellFormed();
const NOT_WELL_FORMED = "This text has half a character in it. Enter it again.";

/** RFC 7617, section 2: neither has control characters. */
const withoutControls = (value: string | undefined) => value === undefined || !/\p{Cc}/u.test(value);
const HAS_CONTROLS = "Leave line breaks and other control characters out.";

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
  .meta({ title: "None", description: "The backend asks the gateway for no credentials." });

const basicSchema = z
  .strictObject({
    type: z.literal("basic"),
    username: userName({ description: "The gateway's user at the backend (RFC 7617)." })
      .min(1, "Give the user that the gateway signs in with.")
      .refine(
        (value) => !value.includes(":"),
        "A user name of Basic authentication has no colon (RFC 7617): the password would begin there.",
      )
      .refine(withoutControls, HAS_CONTROLS),
    password: passwordSentToBackend,
  })
  .meta({ title: "Basic", description: "A user name and a password with every call." });

const digestSchema = z
  .strictObject({
    type: z.literal("digest"),
    username: userName({ description: "The gateway's user at the backend (RFC 7616)." })
      .min(1, "Give the user that the gateway signs in with.")
      .refine((value) => !value.includes(":"), "A user name of Digest authentication has no colon (RFC 7616): the realm would begin there.")
      .refine(withoutControls, HAS_CONTROLS),
    password: passwordSentToBackend,
  })
  .meta({
    title: "Digest",
    description: "A user name and a proof of the password with every call: MD5 or SHA-256, quality of protection auth.",
  });

const forPassword = { field: "grantType", equals: "password" } as const;

const oauth2Schema = z
  .strictObject({
    type: z.literal("oauth2"),
    grantType: z.enum(["clientCredentials", "password"]).default("clientCredentials").meta({
      title: "Grant",
      description:
        "clientCredentials: the gateway's own client. password: a user of the backend, for legacy backends only; RFC 9700, section 2.4, forbids this grant in anything new.",
    }),
    tokenUrl: httpUrl(
      {
        title: "Token URL",
        description: "Where the backend's authorization server issues tokens. Redirects are not followed.",
        placeholder: "https://idp.internal/oauth2/token",
      },
      { query: true },
    ),
    clientId: text({ title: "Client id", description: "The gateway's own client at that server." }).min(
      1,
      "Give the client that the gateway asks for tokens with.",
    ),
    clientSecret: secretField({ title: "Client secret", required: true, sentTo: ["tokenUrl", "url"] }).refine(wellFormed, NOT_WELL_FORMED),
    username: userName({ description: "The user whose password the gateway knows.", showIf: forPassword }).optional(),
    password: secretField({ title: "Password", sentTo: ["tokenUrl", "url"], showIf: forPassword }).refine(wellFormed, NOT_WELL_FORMED),
    scope: z
      .string()
      .max(2000, "Scopes have at most 2000 characters together.")
      .regex(/^(?:[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)?$/, "Write scopes with one space between them.")
      .default("")
      .meta({ title: "Scope", description: "What the token is asked for, separated by spaces. Empty leaves it to the server." }),
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
          "form: client id and secret are form-encoded first, as RFC 6749, section 2.3.1, has it. raw: for servers that want them as they are.",
        group: "advanced",
        showIf: { field: "clientAuthentication", equals: "basic" },
      }),
    skewSeconds: z.int("Whole seconds only.").min(0).max(3600, "At most an hour.").default(30).meta({
      title: "Renew before expiry (seconds)",
      description:
        "A token in use is renewed this long before it expires, while the old one still serves. Never more than half of its life.",
      ui: "seconds",
      group: "advanced",
    }),
    timeoutMs: z.int("Whole milliseconds only.").min(100, "At least 100 ms.").max(60_000, "At most 60 000 ms.").default(10_000).meta({
      title: "Timeout of the token endpoint (ms)",
      description: "How long one token request may take as a whole.",
      group: "advanced",
    }),
    ...caField,
    useRefreshToken: z.boolean().default(true).meta({
      title: "Use refresh tokens",
      description: "A refresh token that the server gives is used for the renewal; when it is refused, the grant is used again.",
      group: "advanced",
    }),
  })
  .refine((security) => security.grantType !== "password" || (security.username ?? "") !== "", {
    message: "The password grant needs a user name.",
    path: ["username"],
  })
  .refine((security) => security.clientAuthentication !== "basic" || security.basicEncoding !== "raw" || !security.clientId.includes(":"), {
    message: "Raw Basic credentials allow no colon in the client id: the secret would begin there.",
    path: ["clientId"],
  })
  .meta({ title: "OAuth 2.0", description: "The gateway gets a token of the backend's authorization server, keeps it and renews it." });

/** How the gateway authenticates at a backend. Secrets are write-only and stored apart. Safe for the browser. */
export const endpointSecuritySchema = z
  .discriminatedUnion("type", [noneSchema, basicSchema, digestSchema, oauth2Schema])
  .meta({ title: "Endpoint security", description: "How the gateway authenticates at the backend." });

/** The members of {@link endpointSecuritySchema}, for forms. */
export const endpointSecurityTypes = { none: noneSchema, basic: basicSchema, digest: digestSchema, oauth2: oauth2Schema } as const;

export type EndpointSecurity = z.output<typeof endpointSecuritySchema>;
export type EndpointSecurityType = EndpointSecurity["type"];
export type OAuth2Security = Extract<EndpointSecurity, { type: "oauth2" }>;
