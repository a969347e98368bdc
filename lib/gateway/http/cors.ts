import type { Cors } from "@/lib/definition/schema";
import type { Refusal } from "../errors";
import { addToList, firstHeader, type HeaderList, headerValues } from "./headers";

/** An API's answers to browsers of other origins (Fetch standard, section 3.2). */
export interface CompiledCors {
  /** Answers a preflight; null when the request is none. */
  preflight(method: string, headers: readonly string[], origin: string | null): { headers: HeaderList } | Refusal | null;
  /** Adds the headers of an actual answer, in place. */
  apply(headers: HeaderList, origin: string | null): void;
}

function originTest(allowOrigins: readonly string[]): (origin: string) => boolean {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const configured of allowOrigins) {
    const lower = configured.toLowerCase();
    // The host of an app's or extension's origin stands as it is written, in capitals too; of others, browsers leave out default ports.
    if (!/^https?:/.test(lower)) exact.add(lower.slice(0, lower.indexOf("://")) + configured.slice(configured.indexOf("://")));
    else if (!lower.includes("://*.")) exact.add(URL.canParse(lower) ? new URL(lower).origin : lower);
    // The * stands for one label: https://*.shop.example is not https://a.b.shop.example, and never https://evil.example/.shop.example.
    else patterns.push(new RegExp(`^${lower.replace(/[.+?^${}()|[\]\\/]/g, "\\$&").replace("*", "[a-z0-9_-]+")}$`));
  }
  return (origin) => exact.has(origin) || patterns.some((pattern) => pattern.test(origin));
}

/** Compiles an API's CORS settings; null when they are off. */
export function compileCors(cors: Cors): CompiledCors | null {
  if (!cors.enabled) return null;
  const anyOrigin = cors.allowOrigins.includes("*") && !cors.allowCredentials;
  const allows = originTest(cors.allowOrigins.filter((origin) => origin !== "*"));
  const allowHeaders = new Set(cors.allowHeaders.map((name) => name.toLowerCase()));
  // The Fetch standard: * stands for all headers but Authorization, and for none with credentials.
  const anyHeader = allowHeaders.has("*") && !cors.allowCredentials;
  const allowMethods = new Set<string>(cors.allowMethods);
  const exposed = cors.exposeHeaders.join(", ");

  const allowOrigin = (headers: HeaderList, origin: string | null): boolean => {
    if (anyOrigin) {
      headers.push("access-control-allow-origin", "*");
      return true;
    }
    // The answer depends on the origin even when there is none: a cache must not give one caller's answer to another.
    addToList(headers, "vary", "Origin");
    if (origin === null || !allows(origin)) return false;
    headers.push("access-control-allow-origin", origin);
    if (cors.allowCredentials) headers.push("access-control-allow-credentials", "true");
    return true;
  };

  return {
    preflight(method, headers, origin) {
      if (method !== "OPTIONS" || origin === null) return null;
      const wantedMethod = firstHeader(headers, "access-control-request-method");
      if (wantedMethod === null) return null;
      const answer: HeaderList = [];
      const allowed = allowOrigin(answer, origin);
      addToList(answer, "vary", "Access-Control-Request-Method");
      addToList(answer, "vary", "Access-Control-Request-Headers");
      const refuse = (message: string): Refusal => ({
        code: "CORS_PREFLIGHT_FAILED",
        message,
        reason: message,
        headers: answer.filter((_, index) => answer[index - (index % 2)] === "vary"),
      });
      if (!allowed) return refuse("This API does not allow requests from this origin");
      if (!allowMethods.has(wantedMethod)) return refuse("This API does not allow cross-origin requests with this method");
      const wanted = headerValues(headers, "access-control-request-headers")
        .flatMap((value) => value.split(","))
        .map((name) => name.trim().toLowerCase());
      const missing = wanted.find((name) => name !== "" && !allowHeaders.has(name) && !(anyHeader && name !== "authorization"));
      if (missing !== undefined) return refuse("This API does not allow cross-origin requests with one of these headers");
      answer.push("access-control-allow-methods", cors.allowMethods.join(", "));
      if (cors.allowHeaders.length > 0) answer.push("access-control-allow-headers", cors.allowHeaders.join(", "));
      answer.push("access-control-max-age", String(cors.maxAgeSeconds));
      return { headers: answer };
    },
    apply(headers, origin) {
      if (allowOrigin(headers, origin) && exposed !== "") headers.push("access-control-expose-headers", exposed);
    },
  };
}
