/** A reserved base URL: a path that resolves to another origin would leave the console. */
const HERE = "http://console.invalid";

/**
 * Returns the console path to open after sign-in: the requested one if it's on this origin, otherwise `/`. An open
 * redirect would make the sign-in page usable for phishing.
 */
export function callbackPath(asked: string | string[] | undefined): string {
  if (typeof asked !== "string" || !asked.startsWith("/")) return "/";
  try {
    const url = new URL(asked, HERE);
    if (url.origin !== HERE || url.pathname.startsWith("//") || url.pathname === "/sign-in") return "/";
    return url.pathname + url.search + url.hash;
  } catch {
    return "/";
  }
}
