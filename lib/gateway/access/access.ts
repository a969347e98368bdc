import { flowLabel } from "@/lib/definition/flow-label";
import { compileFlows } from "@/lib/definition/flow-matcher";
import type { CredentialRequirement, TokenRequirement } from "@/lib/definition/registry";
import { policyOf, requirementsOf } from "@/lib/definition/requirements";
import type { Definition, Step } from "@/lib/definition/schema";
import { compileContexts } from "../compile/router";
import { passesMethod } from "../http/methods";
import { parseTarget, readingsOf } from "../http/target";
import { registry } from "../schemas";

/** What a call has to bring. `credential`: something else than a token. `refused`: the gateway answers it by itself, whatever it brings. */
export type AccessLevel = "anonymous" | "credential" | "token" | "scopes" | "refused";

/** A step that a call passes only with a token. */
export interface TokenAccess {
  flow: string;
  step: string;
  resource: string;
  scopes: readonly string[];
  scopeMode: TokenRequirement["scopeMode"];
}

/** A step that a call passes only with something else. */
export interface CredentialAccess {
  flow: string;
  step: string;
  /** As it is read in a sentence: `an API key`. */
  credential: CredentialRequirement["name"];
  /** The step, which says what exactly is accepted. */
  by: Pick<Step, "policy" | "config">;
}

/** One thing that a call has to bring, and the step that asks for it. */
export type AccessRequirement = TokenAccess | CredentialAccess;

/** Whether it is a token that is asked for. */
export const asksToken = (requirement: AccessRequirement): requirement is TokenAccess => !("credential" in requirement);

/** What one call is asked for; every requirement has to be met, in their order. */
export interface CallAccess {
  level: AccessLevel;
  requirements: readonly AccessRequirement[];
}

const REFUSED: CallAccess = { level: "refused", requirements: [] };

/** The path of a request for decoded segments below the context path. */
export const pathOfSegments = (segments: readonly string[]): string => `/${segments.map(encodeURIComponent).join("/")}`;

function levelOf(requirements: readonly AccessRequirement[]): AccessLevel {
  const tokens = requirements.filter(asksToken);
  if (tokens.some(({ scopes }) => scopes.length > 0)) return "scopes";
  if (tokens.length > 0) return "token";
  return requirements.length > 0 ? "credential" : "anonymous";
}

/**
 * Says of any call what a definition asks of it, by the same target rules and the same matchers as the gateway that serves it.
 * `path` stands below the context path, as it stands in the request. `otherContexts` are the context paths of the other APIs of
 * the gateway: what lies below one of them is theirs, and so refused here.
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
    // A call without a token goes to production, wherever that is missing.
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
