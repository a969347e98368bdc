import { z } from "zod";
import { secretField } from "@/lib/definition/field-rules";
import { caField } from "../ca-field";
import { basicEncodingField, claimFields } from "../claim-fields";

/** The client that the gateway introspects with. */
export const clientFields = (sentTo: string) => ({
  clientId: z
    .string()
    .min(1, "Give the client that the gateway introspects with.")
    .max(500, "A client id has at most 500 characters.")
    .meta({ title: "Client id", description: "The gateway's own client at that server.", narrowing: "any" }),
  clientSecret: secretField({ title: "Client secret", required: true, sentTo: [sentTo], narrowing: "any" }),
  ...basicEncodingField,
});

/** Whether a configuration can be sent: raw credentials with a colon in the client ID cannot. */
export const hasReadableClient = ({ basicEncoding, clientId }: { basicEncoding: string; clientId: string }) =>
  basicEncoding !== "raw" || !clientId.includes(":");

/** What every resource that introspects says about answers and how long they are kept. Safe for the browser. */
export const answerFields = {
  ...claimFields,
  issuer: z.string().min(1).max(2048, "An issuer has at most 2048 characters.").optional().meta({
    title: "Issuer",
    description:
      "Named to callers in the API's metadata (RFC 9728), so that they know where tokens come from. A token that the server says is of another issuer is refused.",
    placeholder: "https://idp.example.com",
    narrowing: "set",
    group: "advanced",
  }),
  audiences: z.array(z.string().min(1).max(500)).max(20, "At most 20 audiences.").default([]).meta({
    title: "Audiences",
    description: "If any are given, the token names at least one of them.",
    narrowing: "fewerOrSome",
    group: "advanced",
  }),
  cacheTtlSeconds: z.int("Whole seconds only.").min(0, "0 asks the server on every call.").max(86_400, "At most a day.").default(60).meta({
    title: "Keep a positive answer for (seconds)",
    description:
      "A token that is revoked at the server is still accepted here until the kept answer runs out, at most this long. 0 asks on every call.",
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
