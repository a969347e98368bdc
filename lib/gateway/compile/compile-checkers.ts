import type { Definition, Resource } from "@/lib/definition/schema";
import { policies } from "../policies/index";
import type { DeployedApi } from "../ports";
import type { ResourceContext, TokenChecker } from "../resources/contract";
import { resourceTypes } from "../resources/index";
import type { Lease } from "../upstream/leases";
import type { Shared } from "./contract";

/** Token checkers of a deployment, released with their last holder. */
export interface Checkers {
  /** Returns the checker of a resource by name. */
  get(resource: string): TokenChecker | undefined;
  /** Retains all checkers beyond the deployment. Returns the release function, which is idempotent. */
  hold(): () => void;
}

/** Returns the resources whose claims an enabled step exposes. */
function resourcesWithClaims({ flows }: Definition): ReadonlySet<string> {
  const names = new Set<string>();
  const known = new Set<string>();
  for (const { enabled, request } of flows) {
    if (!enabled) continue;
    for (const step of request) {
      // Large definitions repeat the same steps.
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
    if (!type) throw new Error(`Resource type ${resource.type} doesn't exist.`);
    const context: ResourceContext = {
      ports: shared.ports,
      connections: shared.connections,
      resourceUri,
      keepsClaims: withClaims.has(resource.name),
      secret: (field) => secrets().get(`resources/${resource.name}/${field}`),
    };
    // Without such steps, the cached tokens have no claims, so the cache must not be shared.
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
 * Compiles the token checkers of a deployment, initially held by the caller.
 * @throws Error with a resource's problem, holding no resources.
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
