/**
 * The console's cookies. Cookies know no ports and the embedded gateway shares the console's origin, so a backend
 * must neither see nor set them. next-auth adds a prefix on https and splits long values into `.0`, `.1` and so on.
 */
const CONSOLE_COOKIE =
  /^(?:__Secure-|__Host-)?(?:next-auth\.(?:session-token|csrf-token|callback-url|state|pkce\.code_verifier|nonce)(?:\.\d+)?|gatewright\.device-[\w-]+)$/i;

/** What a header with one of the console's cookies has in it: nearly every other header is passed on without a closer look. */
const HINT = /next-auth|gatewright\.device/i;

/** Whether a cookie name belongs to the console. */
export function isConsoleCookie(name: string): boolean {
  return CONSOLE_COOKIE.test(name.trim());
}

/** Removes the console's cookies from a `Cookie` header; null if none remain. */
export function withoutConsoleCookies(cookie: string): string | null {
  if (!HINT.test(cookie)) return cookie;
  const kept = cookie.split(";").filter((pair) => !isConsoleCookie(pair.split("=", 1)[0] ?? ""));
  const text = kept.map((pair) => pair.trim()).join("; ");
  return text === "" ? null : text;
}

/** Whether a `Set-Cookie` header sets or deletes a console cookie. */
export function setsConsoleCookie(setCookie: string): boolean {
  // RFC 6265, section 5.2: the name ends at the first = of the first part. A nameless cookie (`=name=value`)
  // is sent back as `name=value`, so it could pass for one of the console's.
  const pair = setCookie.split(";", 1)[0] ?? "";
  return (
    isConsoleCookie(pair.split("=", 1)[0] ?? "") ||
    (/^\s*=/.test(pair) && isConsoleCookie(pair.replace(/^\s*=/, "").split("=", 1)[0] ?? ""))
  );
}
