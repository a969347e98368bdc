import type { ApplicationView } from "@/lib/management/contract/authorization";

/** The applications in whose name, client id, server or scopes every word of the search stands, whatever its case. */
export function searchApplications(applications: readonly ApplicationView[], search: string): ApplicationView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return applications.filter((application) => {
    const text = [application.name, application.clientId, application.environment, application.authorizationServer, ...application.scopes]
      .join("\n")
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
