import { hkdfSync } from "node:crypto";
import { getToken } from "next-auth/jwt";
import { environment } from "./env";

/** The key that encrypts session cookies, derived so that the secret key itself is used for nothing but stored secrets. */
export function sessionKey(): string {
  return consoleKey("gatewright session");
}

/** A key of 32 bytes (base64url) for one purpose of the console. @throws Error without a secret key */
export function consoleKey(purpose: string): string {
  const { secretKey } = environment();
  if (!secretKey) throw new Error("GATEWRIGHT_SECRET_KEY is not set. Start Gatewright with `npm start`, which makes one.");
  return Buffer.from(hkdfSync("sha256", Buffer.from(secretKey, "base64"), "", purpose, 32)).toString("base64url");
}

/** Whether browsers reach the console by https, and its cookies are for https only. */
export const hasSecureCookies = (): boolean => environment().publicUrl.startsWith("https://");

/** The cookies of a request, as `cookies()` of next/headers gives them. */
interface RequestCookies {
  getAll(): { name: string; value: string }[];
}

/** Returns the session id in a request's cookie; null without a cookie of this console. It says nothing of whether the session lives. */
export async function sessionIdOf(cookies: RequestCookies): Promise<string | null> {
  const values = Object.fromEntries(cookies.getAll().map(({ name, value }) => [name, value]));
  const token = await getToken({
    // Without headers, because next-auth would take a bearer token for the cookie.
    req: { cookies: values, headers: {} } as never,
    secret: sessionKey(),
    secureCookie: hasSecureCookies(),
  });
  return typeof token?.sessionId === "string" ? token.sessionId : null;
}
