import type { ApplicationView } from "@/lib/management/contract/authorization";

/** Returns the applications whose name, client ID, server, or scopes contain every search word, ignoring case. */
export function searchApplications(applications: readonly ApplicationView[], search: string): ApplicationView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return applications.filter((application) => {
    const text = [application.name, application.clientId, application.environment, application.authorizationServer, ...application.scopes]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
