import { z } from "zod";
import { secretField } from "@/lib/definition/field-rules";
import { caField } from "../ca-field";
import { basicEncodingField, claimFields } from "../claim-fields";

/** The client that the gateway introspects with. */
export const clientFields = (sentTo: string) => ({
  clientId: z
    .string()
    .min(1, "Enter the client ID that the gateway introspects with.")
    .max(500, "Maximum: 500 characters.")
    .meta({ title: "Client ID", description: "The gateway's client at that server.", narrowing: "any" }),
  clientSecret: secretField({ title: "Client secret", required: true, sentTo: [sentTo], narrowing: "any" }),
  ...basicEncodingField,
});

/** Returns whether the credentials can be encoded: raw ones can't have a colon in the client ID. */
export const hasReadableClient = ({ basicEncoding, clientId }: { basicEncoding: string; clientId: string }) =>
  basicEncoding !== "raw" || !clientId.includes(":");

/** The fields of introspection responses and their caching. Safe for the browser. */
export const answerFields = {
  ...claimFields,
  issuer: z.string().min(1).max(2048, "An issuer has at most 2048 characters.").optional().meta({
    title: "Issuer",
    description:
      "Published in the API's metadata (RFC 9728) for clients to find the authorization server. Tokens of another issuer are rejected.",
    placeholder: "https://idp.example.com",
    narrowing: "set",
    group: "advanced",
  }),
  audiences: z.array(z.string().min(1).max(500)).max(20, "Maximum: 20 audiences.").default([]).meta({
    title: "Audiences",
    description: "If set, the token's aud must contain at least one.",
    narrowing: "fewerOrSome",
    group: "advanced",
  }),
  cacheTtlSeconds: z
    .int("Whole seconds only.")
    .min(0, "Minimum: 0, which introspects every request.")
    .max(86_400, "Maximum: 86,400 seconds (1 day).")
    .default(60)
    .meta({
      title: "Cache TTL (seconds)",
      description:
        "A token revoked at the server is accepted until its cache entry expires, at most this long. 0: introspect every request.",
      ui: "seconds",
      narrowing: "any",
    }),
  timeoutMs: z
    .int("Whole milliseconds only.")
    .min(100)
    .max(60_000)
    .default(5000)
    .meta({ title: "Timeout (ms)", narrowing: "any", group: "advanced" }),
  ...caField,
};
