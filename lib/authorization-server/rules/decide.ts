import type { ApplicationRules, PolicyFacts, RuleFacts, ServerRules } from "./model";

/** How many scopes a token has at most: every one of them is looked at by every rule and claim. */
export const SCOPES_MAX = 100;
/** How long its `scope` may be, in characters: tokens have to stay below a gateway's header limit. */
const SCOPE_TEXT_MAX = 1024;

export interface Named {
  id: string;
  name: string;
}

/** A policy or a rule that was looked at, and why it did or did not decide. */
export interface Considered {
  policy: Named;
  /** Null when the policy was passed over before its rules were looked at. */
  rule: Named | null;
  matched: boolean;
  reason: string;
}

export interface Granted {
  granted: true;
  scopes: readonly string[];
  lifetimeSeconds: number;
  policy: Named;
  rule: Named;
  considered: Considered[];
}

/** As the token endpoint answers it (RFC 6749 section 5.2); `access_denied` is Okta's code for "no policy is for this". */
export type DenialCode = "invalid_scope" | "unauthorized_client" | "access_denied" | "invalid_target" | "server_error";

export interface Denied {
  granted: false;
  error: DenialCode;
  description: string;
  deniedScopes: readonly string[];
  policy: Named | null;
  rule: Named | null;
  considered: Considered[];
}

export interface GrantRequest {
  /** Each once. */
  scopes: readonly string[];
  grantType: string;
}

const TOO_MUCH = `A token has at most ${SCOPES_MAX} scopes and ${SCOPE_TEXT_MAX} characters of them.`;
const isTooMuch = (scopes: readonly string[]) => scopes.length > SCOPES_MAX || scopes.join(" ").length > SCOPE_TEXT_MAX;

const named = ({ id, name }: Named): Named => ({ id, name });
const allows = (list: readonly string[], name: string) => list.length === 0 || list.includes(name);

/** Why a policy is passed over; null when its rules are to be tried. */
function passedOver(policy: PolicyFacts, application: ApplicationRules): string | null {
  if (!policy.enabled) return "The policy is switched off.";
  if (!allows(policy.applications, application.id)) return "The policy is for other applications.";
  return policy.rules.length === 0 ? "The policy has no rules." : null;
}

/** Why a rule does not decide; null when it does. */
function unmatched(rule: RuleFacts, { scopes, grantType }: GrantRequest): string | null {
  if (!rule.enabled) return "The rule is switched off.";
  if (!allows(rule.grantTypes, grantType)) return "The rule is for other grants.";
  if (scopes.length > 0 && !scopes.some((scope) => allows(rule.scopes, scope)))
    return "The rule has none of the scopes that were asked for.";
  return null;
}

interface Match {
  policy: PolicyFacts;
  rule: RuleFacts;
}

/** The first rule that matches of the first policy that has one; nothing behind it is looked at. */
function firstMatch(server: ServerRules, application: ApplicationRules, request: GrantRequest, considered: Considered[]): Match | null {
  for (const policy of server.policies) {
    const reason = passedOver(policy, application);
    if (reason !== null) {
      considered.push({ policy: named(policy), rule: null, matched: false, reason });
      continue;
    }
    for (const rule of policy.rules) {
      const why = unmatched(rule, request);
      considered.push({
        policy: named(policy),
        rule: named(rule),
        matched: why === null,
        reason: why ?? "The rule is the first that matches.",
      });
      if (why === null) return { policy, rule };
    }
  }
  return null;
}

const names = new WeakMap<ServerRules["scopes"], ReadonlySet<string>>();

function scopeNames({ scopes }: ServerRules): ReadonlySet<string> {
  const known = names.get(scopes) ?? new Set(scopes.map((scope) => scope.name));
  names.set(scopes, known);
  return known;
}

/**
 * Decides what an application gets of a server: everything that it asks for, or nothing, never a narrower token.
 * Policies that are for the application are tried in order, and of each the rules in order. A rule matches when it is for
 * the grant and has at least one of the scopes that were asked for. The first that matches decides; when none does, nothing
 * is granted. Scopes that the server does not have, that the application may not have or that are outside the rule deny.
 * Without a scope asked for, the default scopes that rule and application allow are granted, which may be none.
 */
export function decide(server: ServerRules, application: ApplicationRules, request: GrantRequest): Granted | Denied {
  const considered: Considered[] = [];
  const refuse = (error: DenialCode, description: string): Denied => ({
    granted: false,
    error,
    description,
    deniedScopes: [],
    policy: null,
    rule: null,
    considered,
  });
  if (!server.enabled) return refuse("unauthorized_client", "This authorization server is switched off and issues no tokens.");
  if (!application.grantTypes.includes(request.grantType)) return refuse("unauthorized_client", "The application may not use this grant.");
  if (isTooMuch(request.scopes)) return refuse("invalid_scope", TOO_MUCH);
  const existing = scopeNames(server);
  const isOpen = (scope: string) => existing.has(scope) && allows(application.scopes, scope);
  const match = firstMatch(server, application, request, considered);
  const decided = { policy: match && named(match.policy), rule: match && named(match.rule), considered };
  const deniedScopes = request.scopes.filter((scope) => !isOpen(scope) || (match !== null && !allows(match.rule.scopes, scope)));
  if (deniedScopes.length > 0) {
    const description = `The application may not have these scopes: ${deniedScopes.join(", ")}.`;
    return { granted: false, error: "invalid_scope", description, deniedScopes, ...decided };
  }
  if (!match)
    return {
      ...refuse("access_denied", "No access policy of this authorization server allows this application the token that it asks for."),
    };
  const defaults = () =>
    server.scopes.filter(({ name, isDefault }) => isDefault && isOpen(name) && allows(match.rule.scopes, name)).map(({ name }) => name);
  const scopes = request.scopes.length > 0 ? request.scopes : defaults();
  if (isTooMuch(scopes)) return { ...refuse("invalid_scope", TOO_MUCH), ...decided };
  return {
    granted: true,
    scopes,
    lifetimeSeconds: match.rule.lifetimeMinutes * 60,
    policy: named(match.policy),
    rule: named(match.rule),
    considered,
  };
}
