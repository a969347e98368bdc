const SECRETS = { file: "lib/definition/secrets.ts", test: "lib/definition/secrets.test.ts" };
const COOKIES = { file: "lib/gateway/cookies.ts", test: "lib/gateway/forwarding.test.ts" };

const DATA = "components/data";

/** Faults of the console and of what it stores. @type {import("./mutant.mjs").Mutant[]} */
export const CONSOLE_MUTANTS = [
  {
    ...SECRETS,
    fault: "a stored secret goes to another origin",
    from: "if (hasMoved(now.destinations, before.destinations))",
    to: "if (now.destinations.length === 0)",
  },
  {
    ...COOKIES,
    fault: "the console's session cookie reaches a backend",
    from: '!isConsoleCookie(pair.split("=", 1)[0] ?? ""));\n  const text',
    to: 'pair !== "");\n  const text',
  },
  {
    fault: "the console reads the first page of a list only",
    file: `${DATA}/client.ts`,
    test: `${DATA}/lists.test.ts`,
    from: "  } while (cursor !== null);",
    to: "  } while (cursor === undefined);",
  },
  {
    fault: "the deploy dialog deploys whatever draft there is by then",
    file: `${DATA}/apis.ts`,
    test: `${DATA}/preconditions.test.ts`,
    from: "body: { label }, ifMatch: etag })",
    to: "body: { label } })",
  },
];
