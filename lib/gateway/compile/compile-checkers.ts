import type { Definition, Resource } from "@/lib/definition/schema";
import { policies } from "../policies/index";
import type { DeployedApi } from "../ports";
import type { ResourceContext, TokenChecker } from "../resources/contract";
import { resourceTypes } from "../resources/index";
import type { Lease } from "../upstream/leases";
import type { Shared } from "./contract";

/** The token checkers of one deployment. They are given back when the deployment and all that held them have let go. */
export interface Checkers {
  /** The checker of a resource, by name. */
  get(resource: string): TokenChecker | undefined;
  /** Holds all of them beyond the deployment's end. Returns what lets go; calling that again does nothing. */
  hold(): () => void;
}

/** The resources whose tokens have their claims handed on by an enabled step. */
function resourcesWithClaims({ flows }: Definition): ReadonlySet<string> {
  const names = new Set<string>();
  const known = new Set<string>();
  for (const { enabled, request } of flows) {
    if (!enabled) continue;
    for (const step of request) {
      // Large definitions repeat few steps many times.
      const key = JSON.stringify([step.enabled, step.policy, step.config]);
      if (known.has(key)) continue;
      known.add(key);
      const descriptor = step.enabled ? policies.find((candidate) => candidate.descriptor.id === step.policy)?.descriptor : undefined;
      if (!descriptor?.writes(step.config).includes("claims")) continue;
      for (const requirement of descriptor.requires(step.config)) if (requirement.kind === "token") names.add(requirement.resource);
    }
  }
  return names;
}

function takeCheckers(
  definition: Definition,
  secrets: () => DeployedApi["secrets"],
  shared: Shared,
  resourceUri: string,
): ReadonlyMap<string, Lease<TokenChecker>> {
  const withClaims = resourcesWithClaims(definition);
  const compile = (resource: Resource) => {
    const type = resourceTypes.find((candidate) => candidate.descriptor.type === resource.type);
    if (!type) throw new Error(`No resource type is called ${resource.type}.`);
    const context: ResourceContext = {
      ports: shared.ports,
      connections: shared.connections,
      resourceUri,
      keepsClaims: withClaims.has(resource.name),
      secret: (field) => secrets().get(`resources/${resource.name}/${field}`),
    };
    // What an API without such steps knows about tokens lacks their claims.
    const key = `${context.keepsClaims ? "claims " : ""}${type.identity(resource.config, context)}`;
    return shared.checkers.take(key, () => type.compile(resource.config, context));
  };
  const leases = new Map<string, Lease<TokenChecker>>();
  try {
    for (const resource of definition.resources) leases.set(resource.name, compile(resource));
  } catch (error) {
    for (const lease of leases.values()) lease.release();
    throw error;
  }
  return leases;
}

/**
 * Compiles the token checkers of a deployment. Whoever asked for them holds them first of all.
 * @throws Error that says what is wrong with a resource; nothing is held then.
 */
export function compileCheckers(
  definition: Definition,
  secrets: () => DeployedApi["secrets"],
  shared: Shared,
  resourceUri: string,
): Checkers {
  const leases = takeCheckers(definition, secrets, shared, resourceUri);
  let holders = 0;
  return {
    get: (resource) => leases.get(resource)?.value,
    hold() {
      let held = true;
      holders += 1;
      return () => {
        if (!held) return;
        held = false;
        holders -= 1;
        if (holders === 0) for (const lease of leases.values()) lease.release();
      };
    },
  };
}
