import { flowPathProblem } from "./paths";
import type { DefinitionRegistry } from "./registry";
import { requirementsOf } from "./requirements";
import type { Definition, Flow } from "./schema";

/**
 * `open`: no request needs credentials. `partly-open`: some do. `guarded`: every request needs a token or another credential.
 * `scoped`: every request needs a token with scopes.
 */
export type Protection = "open" | "partly-open" | "guarded" | "scoped";

type Level = 0 | 1 | 2;

type Registry = Pick<DefinitionRegistry, "policies">;

function levelOf(flow: Pick<Flow, "request">, registry: Registry): Level {
  const asked = flow.request.flatMap((step) => (step.enabled ? requirementsOf(step, registry) : []));
  if (asked.some((requirement) => requirement.kind === "token" && requirement.scopes.length > 0)) return 2;
  return asked.length > 0 ? 1 : 0;
}

/** The protection of one flow, enabled or not. */
export function flowProtection(flow: Pick<Flow, "request">, registry: Registry): "open" | "guarded" | "scoped" {
  return (["open", "guarded", "scoped"] as const)[levelOf(flow, registry)];
}

const isCatchAll = (flow: Flow) => flow.match.path === "/" && flow.match.operator === "startsWith" && flow.match.methods.length === 0;

/**
 * The protection of an API. With `all`, one protecting flow that matches everything is enough. With `best`, only one flow runs per
 * request, so every flow must protect and one must match everything.
 */
export function protectionOf(definition: Definition, registry: Registry): Protection {
  // A stored path in another product's notation matches no request, so its flow protects nothing.
  const flows = definition.flows.filter((flow) => flow.enabled && flowPathProblem(flow.match.path) === undefined);
  const levels = flows.map((flow) => levelOf(flow, registry));
  const everywhere = flows.filter(isCatchAll).map((flow) => levelOf(flow, registry));
  const least = definition.flowSelection === "all" ? Math.max(0, ...everywhere) : everywhere.length > 0 ? Math.min(...levels) : 0;
  if (least === 2) return "scoped";
  if (least === 1) return "guarded";
  return levels.some((level) => level > 0) ? "partly-open" : "open";
}
