import type { ApiView } from "@/lib/management/contract/apis";

/** Returns the APIs whose name, version, context path, or description contain every search word, ignoring case. */
export function searchApis(apis: readonly ApiView[], search: string): ApiView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return apis.filter((api) => {
    const text = `${api.name}\n${api.version}\n${api.contextPath}\n${api.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
