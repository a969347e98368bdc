import { issuerOf } from "@/lib/authorization-server/servers";
import type { ExportedApi } from "@/lib/definition/exported-api";
import { ownServerOf } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { type AccessLevel, asksToken } from "@/lib/gateway/access/access";
import type { AccessOperation } from "@/lib/gateway/access/access-operations";
import { environment } from "@/lib/platform/env";
import { operationsOf } from "./access";
import { registry } from "./registry";

/** Returns the Gatewright authorization server that most operations require tokens of; undefined if only external ones are used. */
function mostRequiredServer(definition: Definition, operations: readonly AccessOperation[]): string | undefined {
  const servers = new Map(
    definition.resources.flatMap((resource) => {
      const server = ownServerOf(resource, registry);
      return server === undefined ? [] : [[resource.name, server] as const];
    }),
  );
  const counts = new Map<string, number>();
  for (const { requirements } of operations) {
    for (const { resource } of requirements.filter(asksToken)) {
      const server = servers.get(resource);
      if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  // If no operation is named, any Gatewright authorization server of the definition serves.
  return most?.[0] ?? [...servers.values()][0];
}

/** Returns the scopes that these operations require: with scope mode `any`, the first one. */
function neededScopes(operations: readonly AccessOperation[]): string[] {
  const needed = new Set<string>();
  for (const { requirements } of operations) {
    for (const { scopes, scopeMode } of requirements.filter(asksToken)) {
      if (scopeMode === "all") for (const scope of scopes) needed.add(scope);
      else if (scopes[0] !== undefined && !scopes.some((scope) => needed.has(scope))) needed.add(scopes[0]);
    }
  }
  return [...needed];
}

const needsToken = (level: AccessLevel) => level !== "anonymous" && level !== "credential";

/** Converts a draft to requests: its URL, its token endpoint, and its operations, except those that gateways reject. */
export async function exportedApi(id: string, definition: Definition): Promise<{ api: ExportedApi; needsToken: boolean }> {
  const { operations, everythingElse } = await operationsOf(id, definition);
  const served = operations.filter(({ level }) => level !== "refused");
  const server = mostRequiredServer(definition, served);
  const { name, version, description, contextPath } = definition;
  return {
    needsToken: needsToken(everythingElse),
    api: {
      name,
      version,
      description,
      url: `${environment().gatewayUrl}${contextPath === "/" ? "" : contextPath}`,
      tokenUrl: server === undefined ? "" : `${issuerOf(server)}/v1/token`,
      scope: neededScopes(served).join(" "),
      operations: served.map(({ method, path, summary, level }) => ({ method, path, summary, needsToken: needsToken(level) })),
    },
  };
}
