import type { BuiltinServer, GatewayPorts } from "@/lib/gateway/ports";
import { createOpaqueTokenFinder } from "@/lib/platform/opaque-tokens";
import type { Query } from "@/lib/platform/query";
import type { AssignedServer, Assignment } from "./assignment";
import { createEndedIndex } from "./revocations";

/** An authorization server with its valid keys, until one of them expires. */
interface Seen {
  assigned: AssignedServer;
  server: BuiltinServer;
  untilMs: number;
}

function seenAt(assigned: AssignedServer, nowMs: number): Seen {
  const { keyEnds, ...server } = assigned;
  const endOf = (kid: string | undefined) => (kid === undefined ? undefined : keyEnds[kid]) ?? Number.POSITIVE_INFINITY;
  const keys = server.keys.filter(({ kid }) => endOf(kid) > nowMs);
  return { assigned, server: { ...server, keys }, untilMs: Math.min(...keys.map(({ kid }) => endOf(kid)), Number.POSITIVE_INFINITY) };
}

/** The Gatewright authorization servers: from memory, except for opaque tokens that aren't cached. */
export interface OwnServers extends Pick<GatewayPorts, "builtinServer" | "endedTokens" | "opaqueToken"> {
  take(assignment: Pick<Assignment, "servers" | "ended">): void;
}

/** Creates it without servers. Only opaque tokens cause queries. */
export function createOwnServers(query: Query, now: () => number): OwnServers {
  let servers: ReadonlyMap<string, Seen> = new Map();
  const ended = createEndedIndex();

  return {
    take(next) {
      ended.take(next.ended);
      // A server without an issuer has issued no tokens: the console writes its URL at its first start.
      const usable = next.servers.filter(({ issuer }) => issuer !== "");
      servers = new Map(
        usable.map((assigned) => {
          const known = servers.get(assigned.id);
          return [assigned.id, known?.assigned === assigned ? known : seenAt(assigned, now())];
        }),
      );
    },
    builtinServer(id) {
      const seen = servers.get(id);
      if (!seen) return null;
      // Postgres may be unreachable when a key expires.
      if (now() >= seen.untilMs) Object.assign(seen, seenAt(seen.assigned, now()));
      return seen.server;
    },
    endedTokens: (serverId) => ended.of(serverId),
    opaqueToken: createOpaqueTokenFinder(query),
  };
}
