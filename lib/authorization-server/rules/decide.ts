import type { ApplicationRules, PolicyFacts, RuleFacts, ServerRules } from "./model";

/** Maximum scopes of a token, because every rule and claim checks each of them. */
export const SCOPES_MAX = 100;
/** Maximum length of `scope`, in characters. Tokens must fit a gateway's header limit. */
const SCOPE_TEXT_MAX = 1024;

export interface Named {
  id: string;
  name: string;
}

/** An evaluated policy or rule, and why it matched or not. */
export interface Considered {
  policy: Named;
  /** Null when the policy was skipped. */
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

/** Error codes of the token endpoint (RFC 6749, 5.2). `access_denied` is Okta's code when no policy matches. */
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
  /** No duplicates. */
  scopes: readonly string[];
  grantType: string;
}

const TOO_MUCH = `A token can have at most ${SCOPES_MAX} scopes with ${SCOPE_TEXT_MAX} characters in total.`;
const isTooMuch = (scopes: readonly string[]) => scopes.length > SCOPES_MAX || scopes.join(" ").length > SCOPE_TEXT_MAX;

const named = ({ id, name }: Named): Named => ({ id, name });
const allows = (list: readonly string[], name: string) => list.length === 0 || list.includes(name);

/** Why a policy is skipped; null when its rules apply. */
function skipReason(policy: PolicyFacts, application: ApplicationRules): string | null {
  if (!policy.enabled) return "The policy is inactive.";
  if (!allows(policy.applications, application.id)) return "The policy doesn't include this application.";
  return policy.rules.length === 0 ? "The policy has no rules." : null;
}

/** Why a rule doesn't match; null when it does. */
function mismatch(rule: RuleFacts, { scopes, grantType }: GrantRequest): string | null {
  if (!rule.enabled) return "The rule is inactive.";
  if (!allows(rule.grantTypes, grantType)) return "The rule doesn't include this grant type.";
  if (scopes.length > 0 && !scopes.some((scope) => allows(rule.scopes, scope))) return "The rule includes none of the requested scopes.";
  return null;
}

interface Match {
  policy: PolicyFacts;
  rule: RuleFacts;
}

/** The first matching rule, in the order of policies and their rules. */
function firstMatch(server: ServerRules, application: ApplicationRules, request: GrantRequest, considered: Considered[]): Match | null {
  for (const policy of server.policies) {
    const reason = skipReason(policy, application);
    if (reason !== null) {
      considered.push({ policy: named(policy), rule: null, matched: false, reason });
      continue;
    }
    for (const rule of policy.rules) {
      const why = mismatch(rule, request);
      considered.push({
        policy: named(policy),
        rule: named(rule),
        matched: why === null,
        reason: why ?? "First matching rule.",
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
 * Decides a token request: grants all requested scopes or denies, never a narrower token. The first matching rule decides (grant
 * type and at least one requested scope); no match denies. Scopes outside the server, the application or the rule deny.
 * Without requested scopes, it grants the default scopes that rule and application allow, possibly none.
 */
export function decide(server: ServerRules, application: ApplicationRules, request: GrantRequest): Granted | Denied {
  const considered: Considered[] = [];
  const deny = (error: DenialCode, description: string): Denied => ({
    granted: false,
    error,
    description,
    deniedScopes: [],
    policy: null,
    rule: null,
    considered,
  });
  if (!server.enabled) return deny("unauthorized_client", "The authorization server is inactive.");
  if (!application.grantTypes.includes(request.grantType))
    return deny("unauthorized_client", "The application isn't allowed to use this grant type.");
  if (isTooMuch(request.scopes)) return deny("invalid_scope", TOO_MUCH);
  const existing = scopeNames(server);
  const isOpen = (scope: string) => existing.has(scope) && allows(application.scopes, scope);
  const match = firstMatch(server, application, request, considered);
  const decided = { policy: match && named(match.policy), rule: match && named(match.rule), considered };
  const deniedScopes = request.scopes.filter((scope) => !isOpen(scope) || (match !== null && !allows(match.rule.scopes, scope)));
  if (deniedScopes.length > 0) {
    const description = `These scopes aren't allowed: ${deniedScopes.join(", ")}.`;
    return { granted: false, error: "invalid_scope", description, deniedScopes, ...decided };
  }
  if (!match)
    return {
      ...deny("access_denied", "No access policy rule matches this request."),
    };
  const defaults = () =>
    server.scopes.filter(({ name, isDefault }) => isDefault && isOpen(name) && allows(match.rule.scopes, name)).map(({ name }) => name);
  const scopes = request.scopes.length > 0 ? request.scopes : defaults();
  if (isTooMuch(scopes)) return { ...deny("invalid_scope", TOO_MUCH), ...decided };
  return {
    granted: true,
    scopes,
    lifetimeSeconds: match.rule.lifetimeMinutes * 60,
    policy: named(match.policy),
    rule: named(match.rule),
    considered,
  };
}
