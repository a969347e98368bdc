import type { OperationKey } from "@/lib/definition/operation-paths";
import { plainHttpWarnings } from "@/lib/definition/plain-http";
import { ownServerOf, policyOf, scopesFieldOf, tokensRequired } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { missingFacts } from "@/lib/definition/step-facts";
import type { Loosening } from "@/lib/gateway/access/access-loosening";
import { database, type Transaction } from "@/lib/platform/database";
import type { StoredApi } from "./api-view";
import { compareAccess } from "./compare-definitions";
import type { DeployWarning } from "./contract/apis";
import { ManagementError } from "./errors";
import { registry } from "./registry";

/** Maximum access warnings in one response. */
const ACCESS_MAX = 200;

/** A definition to deploy and the one it replaces; `before` is null for the first deployment. */
export interface Replacement {
  before: Definition | null;
  after: Definition;
  /** Operations of the API's OpenAPI document. */
  documented: readonly OperationKey[];
}

const operationWords = ({ method, path, operator }: Loosening) =>
  `${method === "*" ? "Every method" : method} ${path}${operator === "startsWith" ? " and below" : ""}`;

/** Warns about operations whose access loosens, with the requirements before and after. */
async function accessWarnings({ before, after, documented }: Replacement): Promise<DeployWarning[]> {
  if (before === null) return [];
  const { items, isComplete } = await compareAccess(before, after, documented);
  const warnings: DeployWarning[] = items
    .slice(0, ACCESS_MAX)
    .map((item) => ({ kind: "access", ...item, message: `${operationWords(item)}: ${item.before} → ${item.after}` }));
  if (items.length > ACCESS_MAX) {
    warnings.push({
      kind: "access",
      message: `Access loosens for ${items.length - ACCESS_MAX} more operations. Deploy in smaller steps to see them.`,
    });
  }
  if (!isComplete) {
    warnings.push({
      kind: "access",
      message: "The flows overlap in too many ways to compare every operation: access may loosen. Review the flows before you deploy.",
    });
  }
  return warnings;
}

/** Warns about steps that require a scope their Gatewright authorization server doesn't have: no token can have it. */
async function scopeWarnings(tx: Transaction, { resources, flows }: Definition): Promise<DeployWarning[]> {
  const servers = new Map(resources.map((resource) => [resource.name, ownServerOf(resource, registry)]));
  const required = flows.flatMap((flow, flowIndex) =>
    flow.request.flatMap((step, stepIndex) => {
      if (!flow.enabled || !step.enabled) return [];
      const field = scopesFieldOf(policyOf(registry, step.policy));
      const path = `flows[${flowIndex}].request[${stepIndex}].config${field === undefined ? "" : `.${field}`}`;
      return tokensRequired(step, registry).flatMap(({ resource, scopes }) => {
        const server = servers.get(resource);
        return server === undefined ? [] : scopes.map((scope) => ({ server, scope, path }));
      });
    }),
  );
  if (required.length === 0) return [];
  const rows = await tx.scope.findMany({
    where: { serverId: { in: [...new Set(required.map(({ server }) => server))] } },
    select: { serverId: true, name: true },
  });
  const known = new Set(rows.map(({ serverId, name }) => `${serverId} ${name}`));
  return required
    .filter(({ server, scope }) => !known.has(`${server} ${scope}`))
    .map(({ server, scope, path }) => ({
      kind: "scope",
      path,
      message: `The authorization server ${server} has no scope ${scope}, so no token has it. Create the scope there, or remove it from the step.`,
    }));
}

/** Warns about nested context paths: the longer one wins. */
async function nestingWarnings(tx: Transaction, api: StoredApi): Promise<DeployWarning[]> {
  const others = await tx.api.findMany({ where: { id: { not: api.id } }, select: { name: true, contextPath: true } });
  const inside = (outer: string, inner: string) => inner !== outer && (outer === "/" || inner.startsWith(`${outer}/`));
  return others.flatMap((other): DeployWarning[] => {
    if (inside(other.contextPath, api.contextPath)) {
      const message = `${api.contextPath} is nested in ${other.contextPath} of ${other.name}: requests below ${api.contextPath} go to this API.`;
      return [{ kind: "context-path", path: "contextPath", message }];
    }
    if (inside(api.contextPath, other.contextPath)) {
      const message = `${other.contextPath} of ${other.name} is nested in ${api.contextPath}: requests below it go to ${other.name}.`;
      return [{ kind: "context-path", path: "contextPath", message }];
    }
    return [];
  });
}

/** Returns all warnings to show before a deployment. Add new kinds here. */
export async function deployWarnings(api: StoredApi, replacement: Replacement): Promise<DeployWarning[]> {
  const [nesting, scopes] = await Promise.all([nestingWarnings(database(), api), scopeWarnings(database(), replacement.after)]);
  const facts = missingFacts(replacement.after, registry).map((warning): DeployWarning => ({ kind: "step", ...warning }));
  const plain = plainHttpWarnings(replacement.after, registry).map((warning): DeployWarning => ({ kind: "plain-http", ...warning }));
  return [...(await accessWarnings(replacement)), ...plain, ...scopes, ...facts, ...nesting];
}

/**
 * Rejects a deployment that loosens access.
 * @throws ManagementError 409 with each operation and its requirements before and after
 */
export async function rejectLoosening(replacement: Replacement): Promise<void> {
  const warnings = await accessWarnings(replacement);
  if (warnings.length === 0) return;
  throw new ManagementError(
    409,
    `Not deployed: access would loosen for ${warnings.length === 1 ? "1 operation" : `${warnings.length} operations`}, and allowLoosening is false. Change the flows, or deploy without allowLoosening=false.`,
    warnings.map(({ method, path, before, after, message }) =>
      path === undefined ? { path: "", message } : { path: `${method} ${path}`, message: `${before} → ${after}` },
    ),
  );
}
