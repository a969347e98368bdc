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
import { forgetSharedTokens } from "./shared-tokens";

/** The environments whose endpoint an API's active deployment reaches with a token of the backend's authorization server. */
async function tokenEnvironments(id: string): Promise<EnvironmentName[]> {
  const active = await activeDeployment(id);
  return active ? (await deploymentSummary(active)).tokenEnvironments : [];
}

const NOTHING_KEPT = {
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
 * What each gateway says of the tokens that it keeps for an API's active deployment: this process's own as it is now, the
 * others' as they reported it last. Gateways that are away are left out. @throws ManagementError 404
 */
export async function listEndpointTokens(id: string): Promise<{ items: EndpointTokenView[] }> {
  const environments = await tokenEnvironments(id);
  if (environments.length === 0) return { items: [] };
  const gateways = await presentGateways();
  return {
    items: environments.flatMap((environment) =>
      gateways.flatMap(({ view, endpointTokens }) => {
        if (!view.deployments.some(({ apiId }) => apiId === id)) return [];
        const told = endpointTokens.find((token) => token.apiId === id && token.environment === environment);
        const { apiId: _, ...token } = told ?? { apiId: id, environment, ...NOTHING_KEPT };
        return [{ ...token, gateway: { id: view.id, kind: view.kind } }];
      }),
    ),
  };
}

/**
 * Makes every gateway forget the token of an endpoint: none that was issued before is used once a gateway has heard of it,
 * which this process has when this resolves. @throws ManagementError 404
 */
export async function dropEndpointToken(id: string, environment: EnvironmentName, actor: string): Promise<void> {
  await inTransaction(async (tx) => {
    const api = await lockApi(tx, id);
    const active = api.deployments.find((deployment) => deployment.number === api.activeNumber);
    const deployed = active && storedDefinition(active.definition, `deployment ${active.number}`).endpoints[environment];
    if (deployed?.security.type !== "oauth2") throw notFound("endpoint that is deployed with tokens");
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
      summary: `Dropped the token of ${api.name}'s ${environment} endpoint`,
    });
  });
  // First, so that what is asked for and shared from then on stays.
  await forgetSharedTokens(tokenOwner(id, environment));
  await refreshGateway();
}
