const OAUTH2 = { file: "lib/gateway/policies/oauth2/handler.ts", test: "lib/gateway/behaviour-oauth2.test.ts" };
const TARGET = { file: "lib/gateway/target.ts", test: "lib/gateway/target.test.ts" };
const CLAIMS = { file: "lib/gateway/resources/claims.ts", test: "lib/gateway/resources/claims.test.ts" };
const PROOF = { file: "lib/gateway/dpop/proof.ts", test: "lib/gateway/behaviour-dpop.test.ts" };

/** Faults of the gateway core. @type {import("./mutant.mjs").Mutant[]} */
export const GATEWAY_MUTANTS = [
  { ...OAUTH2, fault: "scopeMode all passes with one scope", from: "required.every((scope)", to: "required.some((scope)" },
  {
    ...OAUTH2,
    fault: "an inactive token passes",
    from: 'if (check.outcome !== "active") return',
    to: 'if (check.outcome === "unavailable") return',
  },
  {
    ...OAUTH2,
    test: PROOF.test,
    fault: "a key-bound token passes as bearer",
    from: "return token.boundTo === null\n          ? decide",
    to: "return token.boundTo !== undefined\n          ? decide",
  },
  {
    ...OAUTH2,
    fault: "the caller's token goes to the backend",
    from: "config.forwardToken ? null : exchange.authorization",
    to: "config.forwardToken ? exchange.authorization : null",
  },
  { ...TARGET, fault: "backslashes pass", from: 'if (segment.includes("\\\\")) return', to: 'if (segment.includes("\\\\\\\\")) return' },
  { ...TARGET, fault: "control characters pass", from: "if (hasControl(segment)) return", to: 'if (segment === "\\0") return' },
  { ...TARGET, fault: "empty segments pass", from: 'if (segment === "") return', to: 'if (segment === "\\0") return' },
  { ...TARGET, fault: "segments that end in a dot pass", from: "if (last === 0x2e || last === 0x20)", to: "if (last === 0x20)" },
  { ...TARGET, fault: "what is encoded twice is looked at once", from: "if (!ESCAPE.test(decoded)) break;", to: "break;" },
  { ...CLAIMS, fault: "an expired token passes", from: "* 1000 <= nowMs) return", to: "* 1000 <= nowMs - 3_600_000) return" },
  {
    ...CLAIMS,
    test: "lib/gateway/resources/oauth2-jwt/resource.test.ts",
    fault: "a token for another audience passes",
    from: "if (rules.audiences.length > 0 &&",
    to: "if (rules.audiences.length > 1 &&",
  },
  { ...PROOF, fault: "a proof for another method passes", from: "if (htm !== method)", to: 'if (typeof htm !== "string")' },
  { ...PROOF, fault: "a proof for another token passes", from: "if (ath !== hash(", to: "if (ath === hash(" },
  {
    ...PROOF,
    fault: "a proof passes twice",
    from: "if (!memory.use(keyThumbprint, proofId, issuedAt)) return false;",
    to: "memory.use(keyThumbprint, proofId, issuedAt);",
  },
];
