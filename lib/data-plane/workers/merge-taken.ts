import { keyOf, type Taken } from "@/lib/gateway-host/assignment";

/** What a gateway of several workers runs: the deployments that each of them serves, and the problems that any has. */
export function mergeTaken(parts: readonly Taken[]): Taken {
  const [first, ...others] = parts;
  if (!first) return { deployments: [], problems: [], serving: 0 };
  const served = others.map(({ deployments }) => new Set(deployments.map(keyOf)));
  const problems = new Map(parts.flatMap((part) => part.problems).map((problem) => [`${keyOf(problem)} ${problem.message}`, problem]));
  return {
    deployments: first.deployments.filter((deployment) => served.every((keys) => keys.has(keyOf(deployment)))),
    problems: [...problems.values()],
    serving: parts.reduce((sum, part) => sum + part.serving, 0),
  };
}
