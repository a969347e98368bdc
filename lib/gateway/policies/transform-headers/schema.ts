import { z } from "zod";
import { describePolicy } from "@/lib/definition/describe-policy";
import { headerName } from "@/lib/definition/field-rules";
import { foldHeaderName } from "@/lib/definition/header-names";
import { carriesConsoleCookie, isProtectedHeader } from "../../http/protected-headers";

const headerValue = z
  .string()
  .max(4096, "A header value has at most 4096 characters.")
  // RFC 9110, section 5.5: control characters would let a value end the header and start another.
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "A header value has no line breaks or other control characters.");

/** A header that a step may change: not one of the connection, of the message's framing, or of the gateway. */
const changeableHeader = headerName().refine(
  (name) => !isProtectedHeader(name),
  "This header belongs to the connection or to the gateway: a step cannot change it.",
);

const COOKIES: ReadonlySet<string> = new Set(["cookie", "set-cookie"].map(foldHeaderName));

const headerList = z
  .array(
    z
      .strictObject({ name: changeableHeader, value: headerValue })
      .refine(({ name, value }) => !carriesConsoleCookie(name, value), {
        message: "A step cannot send a cookie of the console.",
        path: ["value"],
      })
      .refine(({ name, value }) => !COOKIES.has(foldHeaderName(name)) || !/\{claims\./.test(value), {
        message: "A claim can't be part of a cookie: its value could be any cookie.",
        path: ["value"],
      }),
  )
  .max(50, "At most 50 headers.");

export const transformHeadersConfigSchema = z.strictObject({
  set: headerList.default([]).meta({
    title: "Set",
    description:
      "Replaces the header if it is there, adds it if it is not. {claims.email} in a value is that claim of the token, where an OAuth2 step exposes its claims; without the claim, the header is removed.",
    ui: "header-list",
  }),
  append: headerList
    .default([])
    .meta({ title: "Append", description: "Adds one more value and keeps those that are there.", ui: "header-list" }),
  remove: z
    .array(changeableHeader)
    .max(50, "At most 50 headers.")
    .default([])
    .meta({ title: "Remove", description: "Takes these headers away. Removing happens first.", ui: "header-names" }),
});

export type TransformHeadersConfig = z.output<typeof transformHeadersConfigSchema>;

const namesOf = (headers: readonly (string | { name: string })[] = []) =>
  headers.map((header) => (typeof header === "string" ? header : header.name)).filter((name) => name !== "");

const usesClaims = (headers: readonly { value: string }[] = []) => headers.some(({ value }) => /\{claims\./.test(value));

export const transformHeadersDescriptor = describePolicy({
  id: "transform-headers",
  title: "Transform headers",
  summary: "Sets, appends and removes headers of the request or of the response.",
  help: `Removes, then sets, then appends: a header that is both removed and set is there once. In the request it changes what the backend gets, in the response what the client gets.

A value can carry claims of the caller's token, such as {claims.email} or {claims.realm_access.roles}, after an OAuth2 step that exposes its claims. When the token lacks the claim, the header is removed, so that a client's own header never stands in for it.

Headers of the connection, of the message's framing and of the gateway can't be changed, nor cookies of the console be sent.`,
  category: "transformation",
  icon: "arrows",
  phases: ["request", "response"],
  schema: transformHeadersConfigSchema,
  examples: [
    { title: "Hide what the backend runs on (response)", config: { remove: ["server", "x-powered-by"] } },
    { title: "Tell the backend where a request comes from", config: { set: [{ name: "x-channel", value: "partners" }] } },
    {
      title: "Pass the caller's email address on",
      config: { set: [{ name: "x-user-email", value: "{claims.email}" }] },
    },
  ],
  sentence({ remove, set, append }) {
    const parts = Object.entries({ remove, set, append }).flatMap(([what, headers]) => {
      const names = namesOf(headers);
      return names.length ? [`${what} ${names.join(", ")}`] : [];
    });
    const sentence = parts.join("; ");
    return sentence ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : "Change no header yet";
  },
  reads: ({ set, append }) => (usesClaims(set) || usesClaims(append) ? ["claims"] : []),
});
