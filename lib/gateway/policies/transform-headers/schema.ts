import { z } from "zod";
import { headerName } from "@/lib/definition/field-rules";
import { foldHeaderName } from "@/lib/definition/header-names";
import type { PolicyDescriptor } from "@/lib/definition/registry";
import { carriesConsoleCookie, isProtectedHeader } from "../../protected-headers";

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

export const transformHeadersDescriptor: PolicyDescriptor = {
  id: "transform-headers",
  title: "Transform headers",
  summary: "Sets, appends and removes headers of the request or of the response.",
  category: "transformation",
  phases: ["request", "response"],
  schema: transformHeadersConfigSchema,
  sentence(config) {
    const named = (key: string) =>
      (Array.isArray(config[key]) ? (config[key] as unknown[]) : [])
        .map((entry) => (typeof entry === "string" ? entry : String((entry as { name?: unknown }).name ?? "")))
        .filter((name) => name !== "");
    const parts = (["remove", "set", "append"] as const).flatMap((key) => {
      const names = named(key);
      return names.length ? [`${key} ${names.join(", ")}`] : [];
    });
    const sentence = parts.join("; ");
    return sentence ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : "Change no header yet";
  },
};
