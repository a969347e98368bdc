import { count } from "@/components/ui/count";

/**
 * Returns the text of the deploy bar.
 * @param activeNumber the active deployment, or null
 * @param changes the number of changes; undefined while unknown
 */
export function undeployedSentence(activeNumber: number | null, changes: number | undefined): string {
  if (activeNumber === null) return "Not deployed: clients get 404.";
  if (!changes) return `Undeployed changes since deployment ${activeNumber}`;
  return `${count(changes, "undeployed change")} since deployment ${activeNumber}`;
}
