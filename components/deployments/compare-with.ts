import type { DeploymentView } from "@/lib/management/contract/apis";

/** The other side of a comparison: a deployment number or the draft. */
export type CompareWith = number | "draft";

/**
 * Returns what to compare deployment `number` with. Default: the previous deployment; null for the first.
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
