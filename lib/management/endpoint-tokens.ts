import type { EnvironmentName } from "@/lib/definition/schema";
import { tokenOwner } from "@/lib/gateway/upstream/endpoint-tokens";
import { activeDeployment, deploymentSummary } from "./api-view";
import { lockApi } from "./apis";
import { inTransaction, recordActivity } from "./context";
import type { EndpointTokenView } from "./contract/endpoints";
import { notFound } from "./errors";
import { presentGateways } from "./gateways";
import { storedDefinition } from "./registry";
import { refreshGateway } from "./runtime";
import { invalidateSharedTokens } from "./shared-tokens";

/** Returns the environments for which the active deployment's endpoint security is oauth2. */
async function tokenEnvironments(id: string): Promise<EnvironmentName[]> {
  const active = await activeDeployment(id);
  return active ? (await deploymentSummary(active)).tokenEnvironments : [];
}

const NO_TOKEN = {
  state: "none",
  keptSince: null,
  expiresAt: null,
  lastRenewalAt: null,
  lastError: null,
  retryAt: null,
  scope: null,
  hasRefreshToken: false,
} as const;

/**
 * Returns each gateway's cached backend tokens for an API's active deployment: this process's current state and the others' last
 * reports, without offline gateways. @throws ManagementError 404
 */
export async function listEndpointTokens(id: string): Promise<{ items: EndpointTokenView[] }> {
  const environments = await tokenEnvironments(id);
  if (environments.length === 0) return { items: [] };
  const gateways = await presentGateways();
  return {
    items: environments.flatMap((environment) =>
      gateways.flatMap(({ view, endpointTokens }) => {
        if (!view.deployments.some(({ apiId }) => apiId === id)) return [];
        const reported = endpointTokens.find((token) => token.apiId === id && token.environment === environment);
        const { apiId: _, ...token } = reported ?? { apiId: id, environment, ...NO_TOKEN };
        return [{ ...token, gateway: { id: view.id, kind: view.kind } }];
      }),
    ),
  };
}

/**
 * Clears an endpoint's token on every gateway. When this resolves, this process no longer uses tokens issued before; other
 * gateways follow once they are notified. @throws ManagementError 404
 */
export async function dropEndpointToken(id: string, environment: EnvironmentName, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
    const deployed = active && storedDefinition(active.definition, `deployment ${active.number}`).endpoints[environment];
    if (deployed?.security.type !== "oauth2") throw notFound("deployed endpoint with OAuth 2.0 security");
    await tx.endpointTokenDrop.upsert({
      where: { apiId_environment: { apiId: id, environment } },
      create: { apiId: id, environment, epoch: 1 },
      update: { epoch: { increment: 1 } },
    });
    await recordActivity(tx, {
      actor,
      action: "changed",
      target: "api",
      targetId: id,
      summary: `Cleared the token of ${api.name}'s ${environment} endpoint`,
    });
  });
  // Before the refresh: tokens shared after it are new and must stay.
  await invalidateSharedTokens(tokenOwner(id, environment));
  await refreshGateway();
}
