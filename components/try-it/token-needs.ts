import { ownServerOf, tokensRequired } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** The tokens that the deployed flows accept. */
export interface TokenNeeds {
  /** IDs of the accepted Gatewright authorization servers. */
  servers: string[];
  /** Names of resources for external authorization servers. */
  foreign: string[];
  /** Every scope that a step requires. */
  scopes: string[];
}

const unique = (values: string[]) => [...new Set(values)];

/** Returns which tokens a definition's enabled steps accept. */
export function tokenNeedsOf(definition: Definition): TokenNeeds {
  const tokens = definition.flows
    .filter((flow) => flow.enabled)
    .flatMap((flow) => flow.request.filter((step) => step.enabled).flatMap((step) => tokensRequired(step, registry)));
  const used = definition.resources.filter(({ name }) => tokens.some(({ resource }) => resource === name));
  return {
    servers: unique(used.flatMap((resource) => ownServerOf(resource, registry) ?? [])),
    foreign: unique(used.filter((resource) => ownServerOf(resource, registry) === undefined).map(({ name }) => name)),
    scopes: unique(tokens.flatMap(({ scopes }) => scopes)),
  };
}

/** Returns the active applications: those with accepted tokens, then the others. */
export function sortApplications(
  applications: readonly ApplicationView[],
  needs: TokenNeeds,
): { fitting: ApplicationView[]; other: ApplicationView[] } {
  const enabled = applications.filter((application) => application.enabled);
  const fits = (application: ApplicationView) => needs.servers.includes(application.authorizationServer);
  return { fitting: enabled.filter(fits), other: enabled.filter((application) => !fits(application)) };
}

/** Returns the scopes to request by default: required by the flows and allowed for the application. */
export function suggestedScopes(allowed: readonly string[], needs: TokenNeeds): string[] {
  return needs.scopes.filter((scope) => allowed.includes(scope));
}
