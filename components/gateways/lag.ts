import type { ApiView } from "@/lib/management/contract/apis";
import type { GatewayView } from "@/lib/management/contract/gateways";

/** One API that a gateway does not run as it is deployed. */
export interface Lag {
  apiId: string;
  /** In words, for example "Orders: 2 instead of 3". */
  sentence: string;
}

type DeployedApi = Pick<ApiView, "id" | "name"> & { activeDeployment: { number: number } | null };

/**
 * What a gateway does not run as it is deployed. Nothing is said of gateways that are away or about to end. A higher number
 * than that of the list is a deployment of this very moment.
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
  return [...lags, ...deleted.map(({ apiId, number }) => ({ apiId, sentence: `An API that was deleted: ${number}` }))];
}
