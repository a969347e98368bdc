import { ApiProblem } from "@/components/data/client";

/** Something that prevents a deletion. */
export interface Use {
  /** Its page in the console; null if none. */
  href: string | null;
  /** Its name within a sentence: "the application Web shop". */
  name: string;
}

/** Returns the console page of a path below `/api/v1`. */
function pageOf(path: string): string | null {
  const [root, id, part] = path.split("/");
  if (!id) return null;
  if (root === "apis" || root === "applications") return `/${root}/${id}`;
  if (root !== "authorization-servers") return null;
  return part === "policies" || part === "claims" || part === "scopes" ? `/${root}/${id}/${part}` : `/${root}/${id}`;
}

/** Returns what prevented a deletion, from its 409 response; empty for other errors. */
export function usesIn(error: unknown): Use[] {
  if (!(error instanceof ApiProblem) || error.status !== 409) return [];
  return error.problems.map(({ path, message }) => ({
    href: pageOf(path),
    name: message.replace(/^In use by /, "").replace(/\.$/, ""),
  }));
}
