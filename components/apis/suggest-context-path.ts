/** The most that is taken over from a name; a longer context path can be typed. */
const LENGTH_MAX = 60;

/**
 * A context path made from an API's name: `Pet store (v2)` gives `/pet-store-v2`.
 * It is one that the definition accepts, or empty when the name has nothing that may stand in one.
 */
export function suggestContextPath(name: string): string {
  const segment = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, LENGTH_MAX)
    .replace(/^-+|-+$/g, "");
  if (segment === "") return "";
  // The gateways answer these paths themselves.
  return segment === "healthz" || segment === "readyz" || segment === "metrics" ? `/${segment}-api` : `/${segment}`;
}
