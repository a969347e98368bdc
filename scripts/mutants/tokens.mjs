const OAUTH2 = { file: "lib/gateway/policies/oauth2/handler.ts", test: "lib/gateway/behavior/oauth2.test.ts" };
const CLAIMS = { file: "lib/gateway/resources/claims.ts", test: "lib/gateway/resources/claims.test.ts" };
const JWT = { file: "lib/gateway/resources/oauth2-jwt/verify.ts", test: "lib/gateway/resources/oauth2-jwt/resource.test.ts" };
const KEYS = { file: "lib/gateway/resources/oauth2-jwt/key-store.ts", test: "lib/gateway/resources/oauth2-jwt/keys.test.ts" };
const CACHE = { file: "lib/gateway/resources/token-cache.ts", test: "lib/gateway/resources/token-cache.test.ts" };
const OWN = { file: "lib/gateway/resources/oauth2-builtin/resource.ts", test: "lib/gateway/behavior/own-servers.test.ts" };
const PROOF = { file: "lib/gateway/dpop/proof.ts", test: "lib/gateway/behavior/dpop.test.ts" };
const CHECKS = { ...PROOF, test: "lib/gateway/dpop/proof.test.ts" };

/** Faults in how tokens and proofs are checked. @type {import("./mutant.mjs").Mutant[]} */
export const TOKEN_MUTANTS = [
  {
    ...OAUTH2,
    test: "lib/gateway/behavior/token-steps.test.ts",
    fault: "scopeMode all passes with one scope",
    from: "required.every((scope)",
    to: "required.some((scope)",
  },
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
  {
    ...OAUTH2,
    test: "lib/gateway/behavior/token-steps.test.ts",
    fault: "a token in the query beside a header passes",
    from: 'if (kind !== "none" && hasQueryToken(exchange.query))',
    to: 'if (kind === "blank" && hasQueryToken(exchange.query))',
  },
  {
    ...OAUTH2,
    test: "lib/gateway/behavior/token-steps.test.ts",
    fault: "the subject that an earlier step said stays",
    from: 'return isSpelling(name, "x-gatewright-subject");',
    to: "return false;",
  },
  {
    file: "lib/gateway/policies/transform-headers/handler.ts",
    test: "lib/gateway/behavior/header-names.test.ts",
    fault: "a removed header goes on under another spelling",
    from: "remove.map(foldHeaderName)",
    to: "remove.map((name) => name.toLowerCase())",
  },
  {
    file: "lib/gateway/policies/transform-headers/handler.ts",
    test: "lib/gateway/behavior/token-steps.test.ts",
    fault: "a client's header stands for a claim that the token lacks",
    from: "if (value === null) removeHeaders(headers, [foldHeaderName(header.name)]);\n    else ",
    to: "if (value !== null) ",
  },
  { ...CLAIMS, fault: "an expired token passes", from: "expiresAtMs <= nowMs) return", to: "expiresAtMs <= nowMs - 3_600_000) return" },
  {
    ...CLAIMS,
    test: JWT.test,
    fault: "a token for another audience passes",
    from: "if (rules.audiences.length > 0 &&",
    to: "if (rules.audiences.length > 1 &&",
  },
  {
    ...CLAIMS,
    test: PROOF.test,
    fault: "a token that is bound to a certificate passes without it",
    from: 'if (typeof cnf !== "object" || Object.keys(cnf).length !== 1 || !("jkt" in cnf)) return undefined;',
    to: 'if (typeof cnf !== "object" || !("jkt" in cnf)) return null;',
  },
  { ...JWT, fault: "a JWT without an expiry passes", from: 'requiredClaims: ["exp"],', to: "" },
  { ...JWT, fault: "a JWT of any algorithm passes", from: "algorithms: config.algorithms,", to: "" },
  { ...JWT, fault: "a JWT of another issuer passes", from: "issuer: config.issuer,", to: "" },
  {
    ...JWT,
    fault: "an ID token or a logout token passes",
    from: 'return type === "at+jwt" || (!requireTyp && type === "jwt");',
    to: 'return type.endsWith("jwt");',
  },
  {
    ...KEYS,
    fault: "a withdrawn key is trusted for a day",
    from: "const MAX_AGE_MS = 600_000;",
    to: "const MAX_AGE_MS = 86_400_000;",
  },
  {
    ...KEYS,
    fault: "every made-up key id fetches the keys again",
    from: "const REFETCH_INTERVAL_MS = 10_000;",
    to: "const REFETCH_INTERVAL_MS = 0;",
  },
  {
    file: "lib/gateway/resources/introspection/checker.ts",
    test: "lib/gateway/resources/oauth2-gravitee-am/resource.test.ts",
    fault: 'active: "false" counts as active',
    from: "if (claims.active !== true) return",
    to: "if (!claims.active) return",
  },
  {
    ...CACHE,
    fault: "a cached token passes after its expiry",
    from: "Math.min(askedAtMs + rules.positiveTtlMs, check.token.expiresAtMs ?? Number.POSITIVE_INFINITY)",
    to: "askedAtMs + rules.positiveTtlMs",
  },
  {
    ...CACHE,
    fault: "a token passes for one that begins alike",
    from: 'hash("sha256", token, ',
    to: 'hash("sha256", token.slice(0, 64), ',
  },
  {
    ...CACHE,
    fault: "a token stays rejected after its server was unreachable",
    from: 'check.outcome === "inactive" && negativeTtlMs > 0',
    to: "negativeTtlMs > 0",
  },
  { ...OWN, fault: "a known token passes after its revocation", from: ": unlessEnded(check, source);", to: ": check;" },
  {
    ...OWN,
    fault: "tokens of a deactivated application pass",
    from: "client.isOff || issuedAt === null",
    to: "issuedAt === null",
  },
  { ...OWN, fault: "tokens of a deactivated server pass", from: "if (!source.enabled) return disabled;", to: "" },
  {
    ...OWN,
    test: "lib/gateway/resources/oauth2-builtin/resource.test.ts",
    fault: "a token of ours for another API passes",
    from: "audiences: [server.audience, context.resourceUri],",
    to: "audiences: [],",
  },
  {
    file: "lib/gateway/resources/fair-queue.ts",
    test: "lib/gateway/behavior/token-floods.test.ts",
    fault: "made-up tokens of one client take all connections to the authorization server",
    from: "&& lane.running < this.rules.perClient",
    to: "",
  },
  {
    ...CACHE,
    test: "lib/gateway/resources/token-memory.test.ts",
    fault: "cached tokens may take any amount of memory",
    from: "bytesMax: VALID_TOKENS_BYTES, ",
    to: "",
  },
  { ...PROOF, fault: "a proof for another method passes", from: "if (htm !== method)", to: 'if (typeof htm !== "string")' },
  { ...PROOF, fault: "a proof for another token passes", from: "if (ath !== hash(", to: "if (ath === hash(" },
  {
    ...PROOF,
    fault: "a proof passes twice",
    from: "if (!memory.use(keyThumbprint, proofId, issuedAt)) return false;",
    to: "memory.use(keyThumbprint, proofId, issuedAt);",
  },
  { ...CHECKS, fault: "a proof of any key passes", from: "if (proven !== keyThumbprint) return", to: 'if (proven === "") return' },
  { ...CHECKS, fault: "an old proof passes", from: "|| iat < nowSeconds - OLDEST_SECONDS)", to: ")" },
  {
    ...CHECKS,
    fault: "a proof for another URL passes",
    from: "target === null || target !== normalizedTargetUri(url)",
    to: "target === null",
  },
];
