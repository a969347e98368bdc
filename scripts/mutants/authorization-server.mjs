const ROOT = "lib/authorization-server";
const DECIDE = { file: `${ROOT}/rules/decide.ts`, test: `${ROOT}/rules/decide.test.ts` };
const ROTATION = { file: `${ROOT}/key-rotation.ts`, test: `${ROOT}/key-rotation.integration.test.ts` };
const ASSERTION = { file: `${ROOT}/assertion.ts`, test: `${ROOT}/assertion.integration.test.ts` };
const REVOCATION = { file: `${ROOT}/revocation.ts`, test: `${ROOT}/revoked-tokens.integration.test.ts` };

/** Faults of the authorization servers. @type {import("./mutant.mjs").Mutant[]} */
export const AUTHORIZATION_SERVER_MUTANTS = [
  { ...DECIDE, fault: "an inactive policy grants", from: "if (!policy.enabled) return", to: "if (policy.enabled === undefined) return" },
  { ...DECIDE, fault: "an inactive rule grants", from: "if (!rule.enabled) return", to: "if (rule.enabled === undefined) return" },
  {
    ...DECIDE,
    fault: "a policy for other applications grants",
    from: "if (!allows(policy.applications, application.id))",
    to: "if (!allows(policy.applications, application.id) && policy.applications.length > 1)",
  },
  {
    ...DECIDE,
    fault: "a rule grants scopes that it does not have",
    from: "|| (match !== null && !allows(match.rule.scopes, scope))",
    to: "",
  },
  {
    ...DECIDE,
    fault: "an application gets default scopes that it may not have",
    from: "isDefault && isOpen(name) &&",
    to: "isDefault &&",
  },
  {
    file: `${ROOT}/throttle.ts`,
    test: `${ROOT}/throttle.test.ts`,
    fault: "a stranger locks a client out everywhere",
    from: "const network = clientNetwork(address);",
    to: 'const network = isKnown ? "" : clientNetwork(address);',
  },
  {
    file: `${ROOT}/throttle.ts`,
    test: `${ROOT}/throttle.test.ts`,
    fault: "made-up client IDs are each counted anew",
    from: 'pool: "unknown-client", key: network,',
    to: 'pool: "unknown-client", key: clientId + network,',
  },
  {
    ...ROTATION,
    fault: "a previous signing key is published for an hour",
    from: "const TOKEN_LIFE_MAX_SECONDS = 1440 * 60;",
    to: "const TOKEN_LIFE_MAX_SECONDS = 60 * 60;",
  },
  {
    ...ROTATION,
    fault: "a signing key that nobody can decrypt is activated",
    from: "if (promoted) requireReadable(box, promoted);",
    to: "",
  },
  {
    ...ROTATION,
    fault: "a key signs before verifiers have it",
    from: "if (earliest.getTime() > Date.now()) throw new RotatedJustNow(earliest);",
    to: "",
  },
  {
    file: `${ROOT}/api-resources.ts`,
    test: `${ROOT}/api-resources.test.ts`,
    fault: "a server issues tokens for an API that does not name it",
    from: "return api?.issuers.includes(issuerOf(server.id)) ?",
    to: "return api ?",
  },
  {
    file: `${ROOT}/api-resources.ts`,
    test: `${ROOT}/api-resources.test.ts`,
    fault: "an unknown resource beside a known one is passed over",
    from: 'if ("problem" in found) return found;',
    to: 'if ("problem" in found) continue;',
  },
  {
    ...ASSERTION,
    fault: "an assertion for others too authenticates",
    from: "if (!audiences.every((audience)",
    to: "if (!audiences.some((audience)",
  },
  {
    ...ASSERTION,
    fault: "an assertion may live for as long as it likes",
    from: " || claims.exp > now + LIFE_MAX_SECONDS + CLOCK_TOLERANCE_SECONDS)",
    to: ")",
  },
  {
    ...REVOCATION,
    fault: "any application revokes another one's JWT",
    from: "if (claims.client_id !== client.clientId) return",
    to: 'if (claims.client_id === "") return',
  },
  {
    ...REVOCATION,
    fault: "any application revokes another one's opaque token",
    from: "if (token.clientId !== client.clientId) throw",
    to: 'if (token.clientId === "") throw',
  },
  {
    file: "lib/platform/opaque-tokens.ts",
    test: "lib/platform/opaque-tokens.test.ts",
    fault: "an added claim replaces the client of an opaque token",
    from: "    ...extra,\n    client_id: clientId,\n    sub: clientId,",
    to: "    client_id: clientId,\n    sub: clientId,\n    ...extra,",
  },
];
