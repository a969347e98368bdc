const DECIDE = { file: "lib/authorization-server/rules/decide.ts", test: "lib/authorization-server/rules/decide.test.ts" };

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
];
