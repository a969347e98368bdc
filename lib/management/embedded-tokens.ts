import type { GatewayPorts } from "@/lib/gateway/ports";
import { database } from "@/lib/platform/database";
import { createEndedIndex, createEndedReader, type Ended, type Query } from "@/lib/platform/ended-tokens";
import { createOpaqueTokenFinder } from "@/lib/platform/opaque-tokens";

/** Values go to the database as values; the texts are the constants of the modules that ask. */
const query: Query = (text, values = []) => database().$queryRawUnsafe<unknown[]>(text, ...values);

/** What this process's gateway knows of tokens that were ended, from memory, and how it finds opaque ones. */
export interface EmbeddedTokens extends Pick<GatewayPorts, "endedTokens" | "opaqueToken"> {
  /** Reads what has ended since the last time. @throws when the database is away; what is known stays then */
  refresh(): Promise<void>;
}

/** Knows of nothing that has ended until it is refreshed. */
export function embeddedTokens(): EmbeddedTokens {
  const reader = createEndedReader(query);
  const index = createEndedIndex();
  let known: Ended | null = null;
  return {
    async refresh() {
      const ended = await reader.read(known);
      if (!ended) return;
      known = ended;
      index.take(ended);
    },
    endedTokens: (serverId) => index.of(serverId),
    opaqueToken: createOpaqueTokenFinder(query),
  };
}
