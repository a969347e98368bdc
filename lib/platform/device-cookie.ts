import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { consoleKey, hasSecureCookies } from "./session-cookie";

/** How long a browser is known, in seconds. Each sign-in starts it anew. */
const DEVICE_SECONDS = 365 * 24 * 60 * 60;

/** The account that a browser is known to. */
export interface DeviceOwner {
  id: string;
  passwordHash: string;
}

/** What sets the cookie of a known browser. */
export interface DeviceCookie {
  name: string;
  value: string;
  httpOnly: true;
  sameSite: "strict";
  secure: boolean;
  path: string;
  maxAge: number;
}

/** One cookie for each account, so that people who share a browser don't push each other out. */
function nameFor({ id }: DeviceOwner): string {
  const account = createHash("sha256").update(id).digest("base64url").slice(0, 12);
  return `${hasSecureCookies() ? "__Secure-" : ""}gatewright.device-${account}`;
}

/** Signed with the password's hash too: with a new password every browser is unknown again. */
function signature(owner: DeviceOwner, nonce: string, endsAt: string): string {
  return createHmac("sha256", consoleKey("gatewright device"))
    .update([owner.id, owner.passwordHash, nonce, endsAt].join("\0"))
    .digest("base64url");
}

/** Makes the cookie of a browser in which this account was signed in to just now. It opens nothing. */
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

/** Returns the id of this browser when it has signed in to this account before; null when it hasn't, or the cookie isn't ours. */
export function knownDevice(owner: DeviceOwner, cookieOf: (name: string) => string | undefined): string | null {
  const [nonce = "", endsAt = "", signed = "", ...rest] = (cookieOf(nameFor(owner)) ?? "").split(".");
  if (rest.length > 0 || !/^\d{1,12}$/.test(endsAt) || Number(endsAt) * 1000 <= Date.now()) return null;
  const [given, expected] = [Buffer.from(signed), Buffer.from(signature(owner, nonce, endsAt))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? nonce : null;
}
