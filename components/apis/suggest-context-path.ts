/** Maximum length of a suggestion; users can type a longer path. */
const LENGTH_MAX = 60;

/**
 * Derives a context path from an API's name: `Pet store (v2)` gives `/pet-store-v2`.
 * The result is always valid, or empty if the name has no usable characters.
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
  // These paths are reserved by the gateways.
  return segment === "healthz" || segment === "readyz" || segment === "metrics" ? `/${segment}-api` : `/${segment}`;
}
