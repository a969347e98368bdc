const SECRETS = { file: "lib/definition/secrets.ts", test: "lib/definition/secrets.test.ts" };
const COOKIES = { file: "lib/gateway/cookies.ts", test: "lib/gateway/forwarding.test.ts" };

/** Faults of the console and of what it stores. @type {import("./mutant.mjs").Mutant[]} */
export const CONSOLE_MUTANTS = [
  {
    ...SECRETS,
    fault: "a stored secret goes to another origin",
    from: "if (!hasMoved(slot.destinations, former.destinations))",
    to: "if (slot.destinations.length > 0)",
  },
  {
    ...COOKIES,
    fault: "the console's session cookie reaches a backend",
    from: '!isConsoleCookie(pair.split("=", 1)[0] ?? ""));\n  const text',
    to: 'pair !== "");\n  const text',
  },
];
