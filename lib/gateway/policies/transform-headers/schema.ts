import { z } from "zod";
import { describePolicy } from "@/lib/definition/describe-policy";
import { headerName } from "@/lib/definition/field-rules";
import { foldHeaderName } from "@/lib/definition/header-names";
import { carriesConsoleCookie, isProtectedHeader } from "../../http/protected-headers";

const headerValue = z
  .string()
  .max(4096, "Maximum: 4,096 characters.")
  // RFC 9110, 5.5: control characters could end the header and start another.
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, "Remove line breaks and other control characters.");

/** A header that steps can change: no connection, framing, or gateway header. */
const changeableHeader = headerName().refine(
  (name) => !isProtectedHeader(name),
  "Connection and gateway headers can't be changed by a step.",
);

const COOKIES: ReadonlySet<string> = new Set(["cookie", "set-cookie"].map(foldHeaderName));

const headerList = z
  .array(
    z
      .strictObject({ name: changeableHeader, value: headerValue })
      .refine(({ name, value }) => !carriesConsoleCookie(name, value), {
        message: "A step can't send a console cookie.",
        path: ["value"],
      })
      .refine(({ name, value }) => !COOKIES.has(foldHeaderName(name)) || !/\{claims\./.test(value), {
        message: "A cookie can't contain a claim: its value could be any cookie.",
        path: ["value"],
      }),
  )
  .max(50, "At most 50 headers.");

export const transformHeadersConfigSchema = z.strictObject({
  set: headerList.default([]).meta({
    title: "Set",
    description:
      "Replaces or adds the header. {claims.email} inserts that claim of the token if an OAuth2 step exposes its claims. If the token lacks the claim, the header is removed.",
    ui: "header-list",
  }),
  append: headerList.default([]).meta({ title: "Append", description: "Adds a value next to existing ones.", ui: "header-list" }),
  remove: z
    .array(changeableHeader)
    .max(50, "At most 50 headers.")
    .default([])
    .meta({ title: "Remove", description: "Removes these headers first.", ui: "header-names" }),
});

export type TransformHeadersConfig = z.output<typeof transformHeadersConfigSchema>;

const namesOf = (headers: readonly (string | { name: string })[] = []) =>
  headers.map((header) => (typeof header === "string" ? header : header.name)).filter((name) => name !== "");

const usesClaims = (headers: readonly { value: string }[] = []) => headers.some(({ value }) => /\{claims\./.test(value));

export const transformHeadersDescriptor = describePolicy({
  id: "transform-headers",
  title: "Transform headers",
  summary: "Sets, appends, and removes request or response headers.",
  help: `Removes, then sets, then appends: a header that is both removed and set ends up set once. A request step changes what the backend gets, a response step what the client gets.

A value can contain claims of the client's token, such as {claims.email} or {claims.realm_access.roles}, after an OAuth2 step that exposes its claims. If the token lacks the claim, the header is removed: a client's own header never replaces it.

Connection, framing, and gateway headers can't be changed, and console cookies can't be sent.`,
  category: "transformation",
  icon: "arrows",
  phases: ["request", "response"],
  schema: transformHeadersConfigSchema,
  examples: [
    { title: "Hide the backend's software (response)", config: { remove: ["server", "x-powered-by"] } },
    { title: "Send a constant header to the backend", config: { set: [{ name: "x-channel", value: "partners" }] } },
    {
      title: "Send the user's email address to the backend",
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
