import type { BuiltinServer, GatewayPorts } from "@/lib/gateway/ports";
import { createEndedIndex } from "@/lib/platform/ended-tokens";
import { createOpaqueTokenFinder } from "@/lib/platform/opaque-tokens";
import type { AssignedServer, Assignment } from "./assignment";
import type { Postgres } from "./postgres";

/** A server as the gateway sees it, until one of its keys verifies no longer. */
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

/** What a process knows of our own authorization servers: all of it from memory, but for opaque tokens that it has not seen yet. */
export interface OwnServers extends Pick<GatewayPorts, "builtinServer" | "endedTokens" | "opaqueToken"> {
  take(assignment: Pick<Assignment, "servers" | "ended">): void;
}

/** Knows of no servers yet. `postgres` is asked about opaque tokens alone, and not before the first of them. */
export function createOwnServers(postgres: Pick<Postgres, "query">, now: () => number): OwnServers {
  let servers: ReadonlyMap<string, Seen> = new Map();
  const ended = createEndedIndex();

  return {
    take(next) {
      ended.take(next.ended);
      // A server without an issuer has not been told the console's URL yet: nobody can have a token of it.
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
      // Postgres may be away when the time of a key is over.
      if (now() >= seen.untilMs) Object.assign(seen, seenAt(seen.assigned, now()));
      return seen.server;
    },
    endedTokens: (serverId) => ended.of(serverId),
    opaqueToken: createOpaqueTokenFinder((text, values) => postgres.query(text, values)),
  };
}
