import { CONNECTION_HEADERS, squeezeHeaderName } from "@/lib/definition/header-names";
import { isConsoleCookie } from "./cookies";

/** Framing headers, `Host`, and the gateway's own headers, which steps can't change. */
const GATEWAY_HEADERS = new Set(["content-length", "host", "expect", "x-request-id"]);

/** Whether steps can't change a header, under any spelling that a backend takes for it. Safe for the browser. */
export function isProtectedHeader(name: string): boolean {
  const squeezed = squeezeHeaderName(name);
  return CONNECTION_HEADERS.has(squeezed) || GATEWAY_HEADERS.has(squeezed);
}

/** Whether a header contains a console cookie. Safe for the browser. */
export function carriesConsoleCookie(name: string, value: string): boolean {
  return (
    /^(?:set-)?cookie$/.test(squeezeHeaderName(name)) &&
    value.split(";").some((pair) => isConsoleCookie(pair.replace(/^\s*=/, "").split("=", 1)[0] ?? ""))
  );
}
