import type { EnvironmentName } from "@/lib/definition/schema";
import { mergeSecrets } from "@/lib/definition/secrets";
import { testTokenRequest } from "@/lib/gateway/endpoint-security/connection-test";
import { endpointSecuritySchema } from "@/lib/gateway/endpoint-security/schema";
import { connect, createConnections } from "@/lib/gateway/upstream/connections";
import { counters } from "@/lib/platform/counters";
import { database } from "@/lib/platform/database";
import { outbound } from "@/lib/platform/outbound/own";
import { referencesOf, type StoredApi } from "./api-view";
import { loadApi } from "./apis";
import { box, recordActivity } from "./context";
import type { ConnectionTestView } from "./contract/endpoints";
import { invalid, ManagementError } from "./errors";
import { mismatchedKeys } from "./mismatched-keys";
import { parseDefinition, registry, storedDefinition } from "./registry";
import { testBackend } from "./test-backend";

/** Rate limit per user: each test sends a request to another host. */
const TESTS_MAX = 20;
const WINDOW_SECONDS = 10;

type Secrets = Map<string, { value: string; version: string }>;

async function throttle(actor: string): Promise<void> {
  const waitMs = await counters().take([{ pool: "test-connection", key: actor, max: TESTS_MAX, windowSeconds: WINDOW_SECONDS }]);
  if (waitMs === 0) return;
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  throw new ManagementError(429, `Connection tests are limited to ${TESTS_MAX} in ${WINDOW_SECONDS} seconds. Retry in ${seconds} s.`, [], {
    "Retry-After": String(seconds),
  });
}

/**
 * Validates an endpoint as part of the draft and returns it with its secrets: those sent, or the stored ones that a PUT of the
 * draft would retain.
 * @throws ManagementError 400 with the paths of a definition
 */
async function endpointInPlace(api: StoredApi, environment: EnvironmentName, body: Record<string, unknown>) {
  const stored = { definition: storedDefinition(api.draft), references: referencesOf(api.draftSecrets) };
  const { endpoints } = stored.definition;
  const merge = mergeSecrets(parseDefinition({ ...stored.definition, endpoints: { ...endpoints, [environment]: body } }), stored, registry);
  const place = `endpoints.${environment}.`;
  const mismatched = await mismatchedKeys(database(), api.id, merge.definition, merge.kept);
  const problems = [...merge.problems, ...mismatched].filter(({ path }) => path.startsWith(place));
  if (problems.length) throw invalid(problems);
  const slots = `endpoints/${environment}/`;
  const secrets: Secrets = new Map();
  for (const [key, value] of merge.fresh) if (key.startsWith(slots)) secrets.set(key.slice(slots.length), { value, version: "typed" });
  const kept = Object.entries(merge.kept).filter(([key]) => key.startsWith(slots));
  const rows = kept.length ? await database().secret.findMany({ where: { id: { in: kept.map(([, id]) => id) } } }) : [];
  for (const [key, version] of kept) {
    const row = rows.find(({ id }) => id === version);
    if (row) secrets.set(key.slice(slots.length), { value: box().open(row.ciphertext, api.id), version });
  }
  const endpoint = merge.definition.endpoints[environment];
  if (!endpoint) throw invalid([{ path: `endpoints.${environment}`, message: "This is required." }]);
  return { endpoint, secrets };
}

/**
 * Tests an endpoint, saved or not: requests one token from its token endpoint without caching it, or sends the backend one GET.
 * A stored secret is sent only to the origins that a PUT of the draft would allow.
 * @throws ManagementError 400, 404, or 429
 */
export async function testConnection(
  id: string,
  environment: EnvironmentName,
  body: Record<string, unknown>,
  actor: string,
): Promise<ConnectionTestView> {
  const api = await loadApi(database(), id);
  const { endpoint, secrets } = await endpointInPlace(api, environment, body);
  await throttle(actor);
  const security = endpointSecuritySchema.parse(endpoint.security);
  const result = security.type === "oauth2" ? await testTokenEndpoint(security, secrets) : await testBackend(endpoint, secrets);
  await recordActivity(database(), {
    actor,
    action: "tested",
    target: "api",
    targetId: id,
    summary: `Tested the connection of ${api.name}'s ${environment} endpoint: ${result.kind ?? "succeeded"}`,
  });
  return result;
}

async function testTokenEndpoint(security: Parameters<typeof testTokenRequest>[0], secrets: Secrets): Promise<ConnectionTestView> {
  const connections = createConnections(outbound());
  const { outcome, lifetimeSeconds, ...said } = await testTokenRequest(security, {
    secret: (slot) => secrets.get(slot),
    connect: (origin, timeoutMs, ca) => connect(connections, origin, timeoutMs, { ca }),
    now: Date.now,
  });
  const kind =
    outcome === "token"
      ? null
      : outcome === "tooManyWaiting" || outcome === "callerGone" || outcome === "released"
        ? "unreachable"
        : outcome;
  return { ...said, ok: kind === null, asked: "tokenEndpoint", kind, expiresInSeconds: lifetimeSeconds };
}
