const PRINCIPAL = { file: "lib/management/http/principal.ts", test: "lib/management/http/principal.test.ts" };

/** Faults of the management API and of the gateway beside it. @type {import("./mutant.mjs").Mutant[]} */
export const MANAGEMENT_MUTANTS = [
  { ...PRINCIPAL, fault: "nobody asks where a write with the session cookie comes from", from: "  requireOwnWrite(request);\n", to: "" },
  {
    ...PRINCIPAL,
    fault: "a wrong management token falls back to the session cookie",
    from: "if (authorization !== null) return fromToken(authorization);",
    to: 'if (authorization?.includes(environment().adminToken ?? "")) return fromToken(authorization);',
  },
  {
    ...PRINCIPAL,
    fault: "any management token is accepted while none is set",
    from: "if (given && adminToken && timingSafeEqual(digest(given), digest(adminToken)))",
    to: "if (given && timingSafeEqual(digest(given), digest(adminToken ?? given)))",
  },
  {
    file: "lib/management/preconditions.ts",
    test: "lib/management/preconditions.integration.test.ts",
    fault: "a write over someone else's changes is made",
    from: "if (ifMatch !== undefined && !namesTag(ifMatch, current)) {",
    to: "if (ifMatch !== undefined && current.length === 0) {",
  },
  {
    file: "lib/management/paging.ts",
    test: "lib/management/paging.integration.test.ts",
    fault: "a cursor of one list reads in another one",
    from: 'const ownerOf = ({ list, of = "" }: ListName) =>',
    to: 'const ownerOf = ({ list, of = "" }: ListName) => "cursor" ||',
  },
  {
    file: "lib/gateway-host/own-servers.ts",
    test: "lib/management/embedded-revocation.integration.test.ts",
    fault: "the embedded gateway never learns of revocations",
    from: "      ended.take(next.ended);\n",
    to: "",
  },
  {
    file: "lib/management/http/body.ts",
    test: "lib/management/http/body.test.ts",
    fault: "of a key that is there twice the last one counts unseen",
    from: "if (twice.length > 0) throw invalid(twice);",
    to: "if (twice.length > 1000) throw invalid(twice);",
  },
];
