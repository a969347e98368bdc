const DATA = "components/data";

/** Faults of the console's pages. @type {import("./mutant.mjs").Mutant[]} */
export const CONSOLE_MUTANTS = [
  {
    fault: "the console reads the first page of a list only",
    file: `${DATA}/lists.ts`,
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
  {
    fault: "Undeploy takes down whatever is deployed by then",
    file: `${DATA}/apis.ts`,
    test: `${DATA}/preconditions.test.ts`,
    from: "params: { id }, ifMatch: etag });\n}",
    to: "params: { id } });\n}",
  },
  {
    fault: "the console does not notice that its session has ended",
    file: `${DATA}/client.ts`,
    test: `${DATA}/client.test.ts`,
    from: "if (response.status === 401) window",
    to: "if (response.status === 403) window",
  },
  {
    file: "next.config.mjs",
    test: "scripts/page-headers.test.mjs",
    fault: "the console's pages have no content security policy",
    from: '{ key: "Content-Security-Policy", value: contentSecurityPolicy },',
    to: "",
  },
];
