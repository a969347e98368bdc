import type { Transaction } from "@/lib/platform/database";
import { ManagementError } from "./errors";

/** Context paths that differ in case only would confuse people and some backends, so they count as the same. */
const claimOf = (contextPath: string) => contextPath.toLowerCase();

/**
 * Makes an API hold exactly these context paths: its draft's and its active deployment's.
 * The unique key decides when two APIs want the same one at the same moment.
 * @throws ManagementError 409 when another API holds one of them
 */
export async function claimContextPaths(tx: Transaction, apiId: string, contextPaths: readonly string[]): Promise<void> {
  const wanted = [...new Set(contextPaths.map(claimOf))];
  await tx.contextPathClaim.deleteMany({ where: { apiId, path: { notIn: wanted } } });
  const holders = await tx.contextPathClaim.findMany({ where: { path: { in: wanted } }, include: { api: { select: { name: true } } } });
  const foreign = holders.find((holder) => holder.apiId !== apiId);
  if (foreign) {
    const message = `The API ${foreign.api.name} holds this context path already. Choose another, or delete that API.`;
    throw new ManagementError(409, message, [{ path: "contextPath", message }]);
  }
  const missing = wanted.filter((path) => !holders.some((holder) => holder.path === path));
  if (missing.length) await tx.contextPathClaim.createMany({ data: missing.map((path) => ({ path, apiId })) });
}
