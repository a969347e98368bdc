import { ApiProblem } from "@/components/data/client";

/** Something that stands in the way of a deletion. */
export interface Use {
  /** Where the console shows it; null when it has no page that we know. */
  href: string | null;
  /** As a sentence names it: "the application Web shop". */
  name: string;
}

/** The console's page of a path below `/api/v1`. */
function pageOf(path: string): string | null {
  const [root, id, part] = path.split("/");
  if (!id) return null;
  if (root === "apis" || root === "applications") return `/${root}/${id}`;
  if (root !== "authorization-servers") return null;
  return part === "policies" || part === "claims" || part === "scopes" ? `/${root}/${id}/${part}` : `/${root}/${id}`;
}

/** What uses the thing that was not deleted, as the refusal (409) names it; nothing for any other failure. */
export function usesIn(error: unknown): Use[] {
  if (!(error instanceof ApiProblem) || error.status !== 409) return [];
  return error.problems.map(({ path, message }) => ({
    href: pageOf(path),
    name: message.replace(/^In use by /, "").replace(/\.$/, ""),
  }));
}
