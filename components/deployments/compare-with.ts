import type { DeploymentView } from "@/lib/management/contract/apis";

/** What a deployment is compared with: the number of another one, or the draft. */
export type CompareWith = number | "draft";

/**
 * Reads what to compare deployment `number` with. Without a usable choice it is the one before it,
 * because that answers what the deployment brought; the first has none.
 */
export function compareWith(
  choice: string | null,
  number: number,
  deployments: readonly Pick<DeploymentView, "number">[],
): CompareWith | null {
  if (choice === "draft") return "draft";
  const chosen = Number(choice);
  if (choice !== null && chosen !== number && deployments.some((deployment) => deployment.number === chosen)) return chosen;
  const earlier = deployments.map((deployment) => deployment.number).filter((other) => other < number);
  return earlier.length > 0 ? Math.max(...earlier) : null;
}
