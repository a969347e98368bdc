import { flowPathProblem } from "./paths";
import type { Definition, Flow } from "./schema";

/** `open`: no call needs a token. `partly-open`: some do. `guarded`: every call does. `scoped`: every call needs a token with scopes. */
export type Protection = "open" | "partly-open" | "guarded" | "scoped";

type Level = 0 | 1 | 2;

function levelOf(flow: Pick<Flow, "request">): Level {
  let level: Level = 0;
  for (const step of flow.request) {
    if (!step.enabled || step.policy !== "oauth2") continue;
    const scopes = step.config.requiredScopes;
    level = Array.isArray(scopes) && scopes.length > 0 ? 2 : level === 2 ? 2 : 1;
  }
  return level;
}

/** What one flow asks of the calls that it matches, whether it is enabled or not. */
export function flowProtection(flow: Pick<Flow, "request">): "open" | "guarded" | "scoped" {
  return (["open", "guarded", "scoped"] as const)[levelOf(flow)];
}

const isCatchAll = (flow: Flow) => flow.match.path === "/" && flow.match.operator === "startsWith" && flow.match.methods.length === 0;

/**
 * How an API is protected as a whole. With `all`, one guarding flow that matches everything guards everything.
 * With `best` only one flow runs for a call, so every flow has to guard and one of them has to match everything.
 */
export function protectionOf(definition: Definition): Protection {
  // A stored path in another product's notation matches no request, so its flow guards nothing.
  const flows = definition.flows.filter((flow) => flow.enabled && flowPathProblem(flow.match.path) === undefined);
  const levels = flows.map(levelOf);
  const everywhere = flows.filter(isCatchAll).map(levelOf);
  const least = definition.flowSelection === "all" ? Math.max(0, ...everywhere) : everywhere.length > 0 ? Math.min(...levels) : 0;
  if (least === 2) return "scoped";
  if (least === 1) return "guarded";
  return levels.some((level) => level > 0) ? "partly-open" : "open";
}
