import type { Definition } from "@/lib/definition/schema";
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
  const steps = definition.flows
    .filter((flow) => flow.enabled)
    .flatMap((flow) => flow.request.filter((step) => step.enabled && step.policy === "oauth2"));
  const used = definition.resources.filter((resource) => steps.some((step) => step.config.resource === resource.name));
  const isOwn = (type: string) => type === "oauth2-builtin";
  return {
    servers: unique(used.filter((resource) => isOwn(resource.type)).map((resource) => String(resource.config.server ?? "default"))),
    foreign: unique(used.filter((resource) => !isOwn(resource.type)).map((resource) => resource.name)),
    scopes: unique(steps.flatMap((step) => (Array.isArray(step.config.requiredScopes) ? step.config.requiredScopes.map(String) : []))),
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
