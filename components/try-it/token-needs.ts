import { ownServerOf, tokensRequired } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { registry } from "@/lib/gateway/schemas";
import type { ApplicationView } from "@/lib/management/contract/authorization";

/** What the deployed flows ask of tokens. */
export interface TokenNeeds {
  /** Ids of Gatewright's own authorization servers whose tokens pass. */
  servers: string[];
  /** Names of resources that check tokens of other authorization servers. */
  foreign: string[];
  /** Every scope that some step requires. */
  scopes: string[];
}

const unique = (values: string[]) => [...new Set(values)];

/** Reads from a definition which tokens its enabled steps accept. */
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

/** The applications that can get tokens, those whose tokens the deployed flows accept first. */
export function sortApplications(
  applications: readonly ApplicationView[],
  needs: TokenNeeds,
): { fitting: ApplicationView[]; other: ApplicationView[] } {
  const enabled = applications.filter((application) => application.enabled);
  const fits = (application: ApplicationView) => needs.servers.includes(application.authorizationServer);
  return { fitting: enabled.filter(fits), other: enabled.filter((application) => !fits(application)) };
}

/** The scopes to ask for at first: what the flows require, as far as the application may have it. */
export function suggestedScopes(allowed: readonly string[], needs: TokenNeeds): string[] {
  return needs.scopes.filter((scope) => allowed.includes(scope));
}
