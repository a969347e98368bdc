import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { consoleKey, hasSecureCookies } from "./session-cookie";

/** Lifetime of the cookie, renewed by each sign-in. */
const DEVICE_SECONDS = 365 * 24 * 60 * 60;

/** The account of a known browser. */
export interface DeviceOwner {
  id: string;
  passwordHash: string;
}

/** The cookie of a known browser. */
export interface DeviceCookie {
  name: string;
  value: string;
  httpOnly: true;
  sameSite: "strict";
  secure: boolean;
  path: string;
  maxAge: number;
}

/** One cookie per account, for people who share a browser. */
function nameFor({ id }: DeviceOwner): string {
  const account = createHash("sha256").update(id).digest("base64url").slice(0, 12);
  return `${hasSecureCookies() ? "__Secure-" : ""}gatewright.device-${account}`;
}

/** The signature includes the password hash, so a new password invalidates all device cookies. */
function signature(owner: DeviceOwner, nonce: string, endsAt: string): string {
  return createHmac("sha256", consoleKey("gatewright device"))
    .update([owner.id, owner.passwordHash, nonce, endsAt].join("\0"))
    .digest("base64url");
}

/** Creates the cookie after a sign-in to this account. It grants no access. */
export function deviceCookie(owner: DeviceOwner): DeviceCookie {
  const nonce = randomBytes(16).toString("base64url");
  const endsAt = String(Math.floor(Date.now() / 1000) + DEVICE_SECONDS);
  return {
    name: nameFor(owner),
    value: [nonce, endsAt, signature(owner, nonce, endsAt)].join("."),
    httpOnly: true,
    sameSite: "strict",
    secure: hasSecureCookies(),
    path: "/api/auth",
    maxAge: DEVICE_SECONDS,
  };
}

/** Returns the device ID of a browser with a valid cookie for this account; otherwise null. */
export function knownDevice(owner: DeviceOwner, cookieOf: (name: string) => string | undefined): string | null {
  const [nonce = "", endsAt = "", signed = "", ...rest] = (cookieOf(nameFor(owner)) ?? "").split(".");
  if (rest.length > 0 || !/^\d{1,12}$/.test(endsAt) || Number(endsAt) * 1000 <= Date.now()) return null;
  const [given, expected] = [Buffer.from(signed), Buffer.from(signature(owner, nonce, endsAt))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : null;
}
