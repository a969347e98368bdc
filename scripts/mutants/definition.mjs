const SECRETS = { file: "lib/definition/secrets.ts", test: "lib/definition/secrets.test.ts" };
const STEP_SECRETS = { file: "lib/definition/step-secrets.ts", test: "lib/definition/step-secrets.test.ts" };
const LOOSENING = { file: "lib/gateway/access/accepts-no-more.ts", test: "lib/gateway/access/access-loosening.test.ts" };

/** Faults in storing and describing definitions. @type {import("./mutant.mjs").Mutant[]} */
export const DEFINITION_MUTANTS = [
  {
    ...SECRETS,
    fault: "a stored secret goes to another origin",
    from: "if (hasMoved(now.destinations, before.destinations))",
    to: "if (now.destinations.length === 0)",
  },
  {
    ...SECRETS,
    fault: "a stored secret is sent in a readable form",
    from: "if (now.sentAs !== before.sentAs) return",
    to: "if (false) return",
  },
  {
    ...SECRETS,
    fault: "a stored secret goes to whom another CA certifies",
    from: "return isTrusted ? undefined :",
    to: "return isTrusted || !isTrusted ? undefined :",
  },
  {
    ...STEP_SECRETS,
    fault: "a step keeps the secret of one of several that it may have been",
    from: "if (candidates.length !== places.length) {",
    to: "if (candidates.length < places.length) {",
  },
  {
    ...STEP_SECRETS,
    fault: "a copied step gets one of several secrets",
    from: "only === undefined || others.length > 0 ?",
    to: "only === undefined ?",
  },
  {
    ...SECRETS,
    test: STEP_SECRETS.test,
    fault: "the secrets of steps stay in the definition",
    from: "    ...stepSecretSlots(definition.flows, registry),\n",
    to: "",
  },
  {
    file: "lib/definition/protection.ts",
    test: "lib/definition/requirements.test.ts",
    fault: "a credential other than a token protects nothing",
    from: "return asked.length > 0 ? 1 : 0;",
    to: 'return asked.some(({ kind }) => kind === "token") ? 1 : 0;',
  },
  {
    file: "lib/gateway/compile/compile-api.ts",
    test: "lib/gateway/policies/context.test.ts",
    fault: "a step runs without the secret that it requires",
    from: "if (meta.required && !secret?.value) throw",
    to: "if (meta.required && secret === null) throw",
  },
  {
    file: "lib/definition/paths.ts",
    test: "lib/definition/paths.test.ts",
    fault: "a flow for {id} is stored and guards nothing",
    from: "return foreignFlowProblem(path) ?? storedFlowPathProblem(path);",
    to: "return storedFlowPathProblem(path);",
  },
  {
    ...LOOSENING,
    fault: "a change that drops the audiences loosens nothing",
    from: "listOf(before).length === 0 || (listOf(after).length > 0 && isWithin(after, before))",
    to: "isWithin(after, before)",
  },
  {
    ...LOOSENING,
    fault: "a change from all scopes to any loosens nothing",
    from: 'scopeMode === "any" ? [scopes] : scopes.map((scope) => [scope])',
    to: "scopes.map((scope) => [scope])",
  },
];
