import type { ApiView } from "@/lib/management/contract/apis";
import type { GatewayView } from "@/lib/management/contract/gateways";

/** One API whose active deployment a gateway doesn't run. */
export interface Lag {
  apiId: string;
  /** Description, for example "Orders: 2 instead of 3". */
  sentence: string;
}

type DeployedApi = Pick<ApiView, "id" | "name"> & { activeDeployment: { number: number } | null };

/**
 * Returns the outdated deployments of a gateway; none for offline or draining gateways. A number above the list's is a
 * deployment in progress.
 */
export function lagsOf(gateway: Pick<GatewayView, "status" | "deployments">, apis: readonly DeployedApi[]): Lag[] {
  if (gateway.status === "away" || gateway.status === "draining") return [];
  const runs = new Map(gateway.deployments.map(({ apiId, number }) => [apiId, number]));
  const known = new Set(apis.map(({ id }) => id));
  const lags = apis.flatMap(({ id, name, activeDeployment }): Lag[] => {
    const running = runs.get(id);
    if (activeDeployment === null)
      return running === undefined ? [] : [{ apiId: id, sentence: `${name}: ${running}, which was undeployed` }];
    if (running === undefined) return [{ apiId: id, sentence: `${name}: none instead of ${activeDeployment.number}` }];
    return running < activeDeployment.number ? [{ apiId: id, sentence: `${name}: ${running} instead of ${activeDeployment.number}` }] : [];
  });
  const deleted = gateway.deployments.filter(({ apiId }) => !known.has(apiId));
  return [...lags, ...deleted.map(({ apiId, number }) => ({ apiId, sentence: `Deleted API: deployment ${number}` }))];
}
