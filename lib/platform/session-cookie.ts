import { hkdfSync } from "node:crypto";
import { getToken } from "next-auth/jwt";
import { environment } from "./env";

/** The key of session cookies, derived because the secret key itself only encrypts stored secrets. */
export function sessionKey(): string {
  return consoleKey("gatewright session");
}

/** Derives a key of 32 bytes (base64url) for one purpose. @throws Error without a secret key */
export function consoleKey(purpose: string): string {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. Start Gatewright with `npm start`, which generates one.");
  return Buffer.from(hkdfSync("sha256", Buffer.from(secretKey, "base64"), "", purpose, 32)).toString("base64url");
}

/** Whether the console's public URL is https and its cookies are secure. */
export const hasSecureCookies = (): boolean => environment().publicUrl.startsWith("https://");

/** The required part of `cookies()` from next/headers. */
interface RequestCookies {
  getAll(): { name: string; value: string }[];
}

/** Returns the session ID of a request's cookie; null without a valid cookie. The session may have ended. */
export async function sessionIdOf(cookies: RequestCookies): Promise<string | null> {
  const values = Object.fromEntries(cookies.getAll().map(({ name, value }) => [name, value]));
  const token = await getToken({
    // Without headers, because next-auth would accept a bearer token too.
    req: { cookies: values, headers: {} } as never,
    secret: sessionKey(),
    secureCookie: hasSecureCookies(),
  });
  return typeof token?.sessionId === "string" ? token.sessionId : null;
}
