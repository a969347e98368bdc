import { z } from "zod";
import { ownServerOf, ownServerTypes, tokensRequired } from "@/lib/definition/requirements";
import type { Transaction } from "@/lib/platform/database";
import { ManagementError } from "./errors";
import { registry } from "./registry";
import { inWords } from "./words";

/** A resource that uses another one: its path below `/api/v1`, and its name within a sentence. */
export interface Use {
  path: string;
  name: string;
}

/** Maximum uses that the detail names; `errors` lists all. */
const NAMED_MAX = 5;

/** Rejects the deletion of a resource in use. @throws ManagementError 409 that names the uses in its detail and `errors` */
export function rejectInUse(what: string, uses: readonly Use[], advice: string): void {
  if (uses.length === 0) return;
  const named = uses.slice(0, NAMED_MAX).map((use) => use.name);
  const more = uses.length - named.length;
  throw new ManagementError(
    409,
    `${what} is in use by ${inWords(more > 0 ? [...named, `${more} more`] : named)}. ${advice}`,
    uses.map(({ path, name }) => ({ path, message: `In use by ${name}.` })),
  );
}

interface ApiRow {
  id: string;
  name: string;
  draft: unknown;
  deployed: unknown;
}

const loose = z.record(z.string(), z.unknown()).catch({});
const looseList = z.array(loose).catch([]);

/** The parts of a stored definition that refer to servers and scopes. Also parses definitions this version can't read. */
const usedSchema = z.looseObject({
  resources: looseList,
  flows: z.array(z.looseObject({ request: looseList }).catch({ request: [] })).catch([]),
});

/** Returns whether a definition validates tokens of a server or, with a scope, whether a step requires that scope. */
function usesServer(stored: unknown, serverId: string, scope: string | undefined): boolean {
  const definition = usedSchema.catch({ resources: [], flows: [] }).parse(stored);
  const resources = definition.resources.filter(
    ({ type, config }) => ownServerOf({ type: String(type), config: loose.parse(config) }, registry) === serverId,
  );
  if (scope === undefined || resources.length === 0) return resources.length > 0;
  const names = new Set(resources.map((resource) => resource.name));
  return definition.flows.some((flow) =>
    flow.request.some(({ policy, config }) =>
      tokensRequired({ policy: String(policy), config: loose.parse(config) }, registry).some(
        ({ resource, scopes }) => names.has(resource) && scopes.includes(scope),
      ),
    ),
  );
}

/** Returns the APIs whose draft or active deployment uses a server, or one of its scopes. */
async function apisUsing(tx: Transaction, serverId: string, scope?: string): Promise<Use[]> {
  const holders = ownServerTypes(registry).map((type) => JSON.stringify({ resources: [{ type }] }));
  const rows = await tx.$queryRaw<ApiRow[]>`
    SELECT a."id", a."name", a."draft", d."definition" AS "deployed"
    FROM "Api" a LEFT JOIN "Deployment" d ON d."apiId" = a."id" AND d."number" = a."activeNumber"
    WHERE a."draft" @> ANY(${holders}::text[]::jsonb[]) OR d."definition" @> ANY(${holders}::text[]::jsonb[])
    ORDER BY a."name", a."id"`;
  return rows.flatMap(({ id, name, draft, deployed }) => {
    const inDraft = usesServer(draft, serverId, scope);
    const isDeployed = deployed !== null && usesServer(deployed, serverId, scope);
    if (!inDraft && !isDeployed) return [];
    const where = inDraft && isDeployed ? "" : inDraft ? " (draft)" : " (active deployment)";
    return [{ path: `apis/${id}`, name: `the API ${name}${where}` }];
  });
}

/** Returns what prevents deleting a server: its applications, and APIs that validate its tokens. */
export async function usesOfServer(tx: Transaction, serverId: string): Promise<Use[]> {
  const applications = await tx.application.findMany({ where: { serverId }, orderBy: [{ name: "asc" }, { id: "asc" }] });
  return [
    ...applications.map(({ id, name }) => ({ path: `applications/${id}`, name: `the application ${name}` })),
    ...(await apisUsing(tx, serverId)),
  ];
}

/** Returns what prevents deleting a scope: applications, rules, claims, and steps that require it. */
export async function usesOfScope(tx: Transaction, serverId: string, scope: string): Promise<Use[]> {
  const applications = await tx.application.findMany({
    where: { serverId, scopes: { has: scope } },
    orderBy: [{ name: "asc" }, { id: "asc" }],
  });
  const rules = await tx.accessRule.findMany({
    where: { policy: { serverId }, scopes: { has: scope } },
    include: { policy: { select: { id: true, name: true } } },
    orderBy: [{ policy: { priority: "asc" } }, { priority: "asc" }],
  });
  const claims = await tx.claim.findMany({ where: { serverId, scopes: { has: scope } }, orderBy: { name: "asc" } });
  const below = `authorization-servers/${serverId}`;
  return [
    ...applications.map(({ id, name }) => ({ path: `applications/${id}`, name: `the application ${name}` })),
    ...rules.map((rule) => ({
      path: `${below}/policies/${rule.policy.id}/rules/${rule.id}`,
      name: `the rule ${rule.name} of the policy ${rule.policy.name}`,
    })),
    ...claims.map(({ id, name }) => ({ path: `${below}/claims/${id}`, name: `the claim ${name}` })),
    ...(await apisUsing(tx, serverId, scope)),
  ];
}
