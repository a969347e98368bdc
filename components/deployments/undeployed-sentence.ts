import { count } from "@/components/apis/count";

/**
 * What the deploy bar says.
 * @param activeNumber the deployment that runs, or null
 * @param changes how many changes there are; undefined while that is not known
 */
export function undeployedSentence(activeNumber: number | null, changes: number | undefined): string {
  if (activeNumber === null) return "Nothing is deployed: callers get 404.";
  if (!changes) return `Undeployed changes since deployment ${activeNumber}`;
  return `${count(changes, "undeployed change")} since deployment ${activeNumber}`;
}
