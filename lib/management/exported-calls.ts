import { issuerOf } from "@/lib/authorization-server/servers";
import type { ExportedApi } from "@/lib/definition/exported-api";
import { ownServerOf } from "@/lib/definition/requirements";
import type { Definition } from "@/lib/definition/schema";
import { type AccessLevel, asksToken } from "@/lib/gateway/access/access";
import type { AccessOperation } from "@/lib/gateway/access/access-operations";
import { environment } from "@/lib/platform/env";
import { operationsOf } from "./access";
import { registry } from "./registry";

/** The server of ours whose tokens most operations ask for; undefined when only foreign ones do. */
function mostAskedServer(definition: Definition, operations: readonly AccessOperation[]): string | undefined {
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
  // Where everything asks for a token and no operation is named, any server of ours that is named will do.
  return most?.[0] ?? [...servers.values()][0];
}

/** The scopes that calls of these operations need: all that are required, and the first of those of which one is enough. */
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

/** A draft as calls: where it is reached, where its tokens come from, and its operations that gateways answer. */
export async function exportedApi(id: string, definition: Definition): Promise<{ api: ExportedApi; needsToken: boolean }> {
  const { operations, everythingElse } = await operationsOf(id, definition);
  const answered = operations.filter(({ level }) => level !== "refused");
  const server = mostAskedServer(definition, answered);
  const { name, version, description, contextPath } = definition;
  return {
    needsToken: needsToken(everythingElse),
    api: {
      name,
      version,
      description,
      url: `${environment().gatewayUrl}${contextPath === "/" ? "" : contextPath}`,
      tokenUrl: server === undefined ? "" : `${issuerOf(server)}/v1/token`,
      scope: neededScopes(answered).join(" "),
      operations: answered.map(({ method, path, summary, level }) => ({ method, path, summary, needsToken: needsToken(level) })),
    },
  };
}
