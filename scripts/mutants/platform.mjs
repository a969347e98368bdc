const GUARD = { file: "lib/platform/outbound/guard.ts", test: "lib/platform/outbound/guard.test.ts" };
const CONNECTOR = { file: "lib/platform/outbound/connector.ts", test: "lib/platform/outbound/connector.test.ts" };
const ADDRESS = { file: "lib/client-address/client-address.ts", test: "lib/client-address/client-address.test.ts" };

/** Faults of what console and gateways share. @type {import("./mutant.mjs").Mutant[]} */
export const PLATFORM_MUTANTS = [
  {
    file: "lib/platform/secrets.ts",
    test: "lib/platform/secrets.test.ts",
    fault: "every secret is encrypted with the same nonce",
    from: "const nonce = randomBytes(12);",
    to: "const nonce = Buffer.alloc(12);",
  },
  {
    file: "lib/client-address/trusted-proxies.ts",
    test: "lib/client-address/trusted-proxies.test.ts",
    fault: "everyone is a trusted proxy unless some are named",
    from: "if (networks.length === 0) return () => false;",
    to: "if (networks.length === 0) return () => true;",
  },
  {
    ...ADDRESS,
    fault: "anyone says by which address failures count",
    from: "if (forwardedFor === null || !isTrusted(peer)) return peer;",
    to: "if (forwardedFor === null) return peer;",
  },
  {
    ...ADDRESS,
    fault: "each address of one IPv6 network counts by itself",
    from: "const IPV6_GROUPS = 4;",
    to: "const IPV6_GROUPS = 8;",
  },
  {
    ...GUARD,
    fault: "metadata addresses are called in an IPv6 form",
    from: "if (readings.some(isNever)) return",
    to: "if (isNever(address)) return",
  },
  {
    ...GUARD,
    fault: "the allowlist opens what the denylist closes",
    from: "if (deny.hasHost(name) || readings.some((reading) => has(deny.list, reading))) return",
    to: "if (!allow.hasHost(name) && readings.some((reading) => has(deny.list, reading))) return",
  },
  {
    ...GUARD,
    fault: "any allowed network opens the metadata address",
    from: "listOf(allow.networks.filter(opensNever))",
    to: "listOf(allow.networks)",
  },
  {
    ...CONNECTOR,
    fault: "of a name's addresses the first alone is checked",
    from: "for (const { address } of addresses) {",
    to: "for (const { address } of addresses.slice(0, 1)) {",
  },
  {
    file: "lib/platform/memory-counters.ts",
    test: "lib/platform/login-throttle.test.ts",
    fault: "a limit lets one try more through",
    from: "(window?.count ?? 0) >= max",
    to: "(window?.count ?? 0) > max",
  },
  {
    file: "lib/platform/metrics-access.ts",
    test: "lib/platform/metrics-access.test.ts",
    fault: "everyone reads the metrics while no token is set",
    from: "const sent = given === undefined ? null : digest(given);",
    to: "const sent = given === undefined ? null : digest(given);\n    if (digests.length === 0) return null;",
  },
  {
    file: "lib/gateway-host/revocations.ts",
    test: "lib/gateway-host/revocations.test.ts",
    fault: "what one server revoked is forgotten with another one's minute",
    from: "servers.get(id)?.revoked.delete(token);",
    to: "for (const server of servers.values()) server.revoked.delete(token);",
  },
  {
    file: "lib/platform/secret-key-check.ts",
    test: "lib/start/console-secret-key.integration.test.ts",
    fault: "a console starts with a wrong secret key on a filled database",
    from: "if (found === null || (key !== undefined && opens(key, found))) return null;",
    to: "if (found === null || key !== undefined) return null;",
  },
  {
    file: "lib/gateway-host/keeper.ts",
    test: "lib/gateway-host/keeper.test.ts",
    fault: "a write is answered when a read that began before it ends",
    from: "    if (running) {\n",
    to: "    if (running) return running;\n    if (running) {\n",
  },
  {
    file: "lib/gateway-host/health.ts",
    test: "lib/gateway-host/keeper.test.ts",
    fault: "a data plane that can load no deployment gets requests",
    from: "ready: loaded && !servesNothing,",
    to: "ready: loaded || servesNothing,",
  },
  {
    file: "lib/data-plane/last-known-good.ts",
    test: "lib/data-plane/last-known-good.test.ts",
    fault: "a gateway serves a configuration file that was altered",
    from: "if (seal.length !== wanted.length || !timingSafeEqual(seal, wanted)) return",
    to: "if (seal.length !== wanted.length) return",
  },
  {
    file: "lib/data-plane/settings.ts",
    test: "lib/data-plane/settings.test.ts",
    fault: "a data plane without a secret key makes one",
    from: "if (key) return key;",
    to: 'if (key || !key) return key ?? Buffer.alloc(32, 1).toString("base64");',
  },
];
