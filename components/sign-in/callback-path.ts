/** A base that no real page has: what resolves to another origin from here would leave the console. */
const HERE = "http://console.invalid";

/**
 * The path of the console to go to after sign-in: the one that was asked for if it is a path of this origin,
 * otherwise the start. An open redirect here would lend our sign-in page to phishing.
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
