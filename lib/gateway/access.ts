import { flowLabel } from "@/lib/definition/flow-label";
import { compileFlows } from "@/lib/definition/flow-matcher";
import type { Definition, Step } from "@/lib/definition/schema";
import { passesMethod } from "./methods";
import { type Oauth2Config, oauth2ConfigSchema, oauth2Descriptor } from "./policies/oauth2/schema";
import { compileContexts } from "./router";
import { parseTarget, readingsOf } from "./target";

/** What a call has to bring. `refused`: the gateway answers it by itself, whatever it brings. */
export type AccessLevel = "anonymous" | "token" | "scopes" | "refused";

/** One oauth2 step that a call passes. */
export interface AccessRequirement {
  flow: string;
  step: string;
  resource: string;
  scopes: string[];
  scopeMode: "all" | "any";
}

/** What one call is asked for; every requirement has to be met, in their order. */
export interface CallAccess {
  level: AccessLevel;
  requirements: readonly AccessRequirement[];
}

const REFUSED: CallAccess = { level: "refused", requirements: [] };

/** The path of a request for decoded segments below the context path. */
export const pathOfSegments = (segments: readonly string[]): string => `/${segments.map(encodeURIComponent).join("/")}`;

function levelOf(requirements: readonly AccessRequirement[]): AccessLevel {
  if (requirements.some((requirement) => requirement.scopes.length > 0)) return "scopes";
  return requirements.length > 0 ? "token" : "anonymous";
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
  const asked = enabled.map((flow) =>
    flow.request.filter((step) => step.enabled && step.policy === oauth2Descriptor.id).map((step) => requirementOf(step, flowLabel(flow))),
  );
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

function requirementOf(step: Step, flow: string): AccessRequirement {
  const { resource, requiredScopes, scopeMode }: Oauth2Config = oauth2ConfigSchema.parse(step.config);
  return { flow, step: step.name ?? oauth2Descriptor.title, resource, scopes: requiredScopes, scopeMode };
}
