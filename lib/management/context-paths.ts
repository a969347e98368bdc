import type { Transaction } from "@/lib/platform/database";
import { ManagementError } from "./errors";

/** Context paths that differ only in case count as equal, because some backends ignore case. */
const claimOf = (contextPath: string) => contextPath.toLowerCase();

/**
 * Reserves exactly these context paths for an API: those of its draft and its active deployment. A unique key decides between
 * concurrent reservations.
 * @throws ManagementError 409 if another API uses one of them
 */
export async function claimContextPaths(tx: Transaction, apiId: string, contextPaths: readonly string[]): Promise<void> {
  const paths = [...new Set(contextPaths.map(claimOf))];
  await tx.contextPathClaim.deleteMany({ where: { apiId, path: { notIn: paths } } });
  const claims = await tx.contextPathClaim.findMany({ where: { path: { in: paths } }, include: { api: { select: { name: true } } } });
  const conflict = claims.find((claim) => claim.apiId !== apiId);
  if (conflict) {
    const message = `The API ${conflict.api.name} already uses this context path. Choose another one, or delete that API.`;
    throw new ManagementError(409, message, [{ path: "contextPath", message }]);
  }
  const missing = paths.filter((path) => !claims.some((claim) => claim.path === path));
  if (missing.length) await tx.contextPathClaim.createMany({ data: missing.map((path) => ({ path, apiId })) });
}
