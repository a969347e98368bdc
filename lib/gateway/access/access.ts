import { flowLabel } from "@/lib/definition/flow-label";
import { compileFlows } from "@/lib/definition/flow-matcher";
import type { CredentialRequirement, TokenRequirement } from "@/lib/definition/registry";
import { policyOf, requirementsOf } from "@/lib/definition/requirements";
import type { Definition, Step } from "@/lib/definition/schema";
import { compileContexts } from "../compile/router";
import { passesMethod } from "../http/methods";
import { parseTarget, readingsOf } from "../http/target";
import { registry } from "../schemas";

/** Access level of an operation. `credential`: requires a credential other than a token. `refused`: always rejected by the gateway. */
export type AccessLevel = "anonymous" | "credential" | "token" | "scopes" | "refused";

/** A step that requires a token. */
export interface TokenAccess {
  flow: string;
  step: string;
  resource: string;
  scopes: readonly string[];
  scopeMode: TokenRequirement["scopeMode"];
}

/** A step that requires another credential. */
export interface CredentialAccess {
  flow: string;
  step: string;
  /** Name with its article: `an API key`. */
  credential: CredentialRequirement["name"];
  /** The step's sentence. */
  by: Pick<Step, "policy" | "config">;
}

/** A requirement, and the step that has it. */
export type AccessRequirement = TokenAccess | CredentialAccess;

/** Whether a requirement is a token. */
export const asksToken = (requirement: AccessRequirement): requirement is TokenAccess => !("credential" in requirement);

/** All requirements of an operation, in order; each must be met. */
export interface CallAccess {
  level: AccessLevel;
  requirements: readonly AccessRequirement[];
}

const REFUSED: CallAccess = { level: "refused", requirements: [] };

/** Encodes segments below the context path as a request path. */
export const pathOfSegments = (segments: readonly string[]): string => `/${segments.map(encodeURIComponent).join("/")}`;

function levelOf(requirements: readonly AccessRequirement[]): AccessLevel {
  const tokens = requirements.filter(asksToken);
  if (tokens.some(({ scopes }) => scopes.length > 0)) return "scopes";
  if (tokens.length > 0) return "token";
  return requirements.length > 0 ? "credential" : "anonymous";
}

/**
 * Compiles a function that returns the requirements of any request, by the gateway's own target rules and matchers. `path` is
 * relative to the context path, not normalized. `otherContexts` are the context paths of the gateway's other APIs: paths below
 * them are rejected here.
 */
export function compileAccess(definition: Definition, otherContexts: readonly string[] = []): (method: string, path: string) => CallAccess {
  const contextPath = definition.contextPath === "/" ? "" : definition.contextPath;
  const contexts = compileContexts([...otherContexts.map((other) => [other, false] as const), [definition.contextPath, true] as const]);
  const enabled = definition.flows.filter((flow) => flow.enabled);
  const match = compileFlows(enabled, definition.flowSelection);
  const listsMethods = enabled.some((flow) => flow.match.methods.length > 0);
  const asked = enabled.map((flow) => flow.request.flatMap((step) => (step.enabled ? accessOf(step, flowLabel(flow)) : [])));
  return (method, path) => {
    const target = parseTarget(contextPath + path);
    if (typeof target === "string" || !passesMethod(method, listsMethods)) return REFUSED;
    if (target.semicolon && !definition.paths.allowSemicolon) return REFUSED;
    if (target.encodedSlash && !definition.paths.allowEncodedSlash) return REFUSED;
    const found = contexts.find(target.path);
    if (!found?.value || contexts.leadsDeeper(readingsOf(target.segments, target), found.depth)) return REFUSED;
    const matched = match(method, readingsOf(target.segments.slice(found.depth), target));
    if (matched === null) return REFUSED;
    const requirements = matched.flatMap((index) => asked[index] ?? []);
    // A request without a token always goes to production, even if that endpoint is missing.
    if (requirements.length === 0 && !definition.endpoints.production) return REFUSED;
    return { level: levelOf(requirements), requirements };
  };
}

function accessOf(step: Step, flow: string): AccessRequirement[] {
  const name = step.name ?? policyOf(registry, step.policy)?.title ?? step.policy;
  return requirementsOf(step, registry).map((requirement) => {
    if (requirement.kind === "credential")
      return { flow, step: name, credential: requirement.name, by: { policy: step.policy, config: step.config } };
    const { resource, scopes, scopeMode } = requirement;
    return { flow, step: name, resource, scopes, scopeMode };
  });
}
