import { z } from "zod";
import type { Query } from "@/lib/platform/query";

/** The revoked tokens that expire in one minute. The content of a key never changes. */
export interface EndedPart {
  readonly key: string;
  readonly tokens: readonly (readonly [serverId: string, tokenId: string])[];
}

/** A client whose tokens issued until `endedAt` (seconds since the epoch) are revoked, or all of them while it's inactive. */
export type EndedClientEntry = readonly [serverId: string, clientId: string, endedAt: number, isOff: boolean];

/** The revoked, unexpired tokens of all authorization servers. */
export interface Ended {
  readonly parts: readonly EndedPart[];
  readonly clients: readonly EndedClientEntry[];
}

export const NOTHING_ENDED: Ended = { parts: [], clients: [] };

export const endedPartSchema = z.object({ key: z.string(), tokens: z.array(z.tuple([z.string(), z.string()])) });
export const endedClientSchema = z.tuple([z.string(), z.string(), z.number(), z.boolean()]);

const NOW = "timezone('utc', now())";
const MINUTE = `extract(epoch from date_trunc('minute', "expiresAt"))::bigint`;
/** Whole minutes, so a minute's content changes only when a token is revoked. */
const REVOKED = `"RevokedToken" WHERE "expiresAt" >= date_trunc('minute', ${NOW})`;
const ENDED_CLIENTS = `"EndedClient" WHERE "expiresAt" > ${NOW}`;
const hashOf = (...columns: string[]) => `coalesce(bit_xor(hashtextextended(${columns.join(" || ' ' || ")}, 0)), 0)`;
const TOKENS_DIGEST = `count(*) || ' ' || ${hashOf(`"serverId"`, `"tokenId"`)}`;

/** One small row without sorting or sending tokens, because it's polled twice a second. */
const SELECT_DIGESTS = `SELECT (SELECT ${TOKENS_DIGEST} FROM ${REVOKED}) AS tokens,
  (SELECT count(*) || ' ' || ${hashOf(`"serverId"`, `"clientId"`, `"endedAt"::text`, `"isOff"::text`)} FROM ${ENDED_CLIENTS}) AS clients`;
const SELECT_PARTS = `SELECT ${MINUTE} || ' ' || ${TOKENS_DIGEST} AS key FROM ${REVOKED} GROUP BY ${MINUTE} ORDER BY ${MINUTE}`;
const SELECT_TOKENS = `SELECT ${MINUTE} || ' ' || ${TOKENS_DIGEST} AS key, json_agg(json_build_array("serverId", "tokenId"))::text AS tokens
  FROM ${REVOKED} AND ${MINUTE} IN (SELECT value::bigint FROM json_array_elements_text($1::json)) GROUP BY ${MINUTE}`;
const SELECT_CLIENTS = `SELECT coalesce(json_agg(json_build_array("serverId", "clientId", floor(extract(epoch from "endedAt"))::bigint, "isOff")
  ORDER BY "clientId"), '[]')::text AS clients FROM ${ENDED_CLIENTS}`;

const digestsSchema = z.object({ tokens: z.string(), clients: z.string() });
const keySchema = z.object({ key: z.string() });
const textOf = <Content>(content: z.ZodType<Content>) =>
  z.string().transform((text, context): Content => {
    const parsed = content.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: parsed.error.message });
    return z.NEVER;
  });
const tokensSchema = z.object({ key: z.string(), tokens: textOf(z.array(z.tuple([z.string(), z.string()]))) });
const clientsSchema = z.object({ clients: textOf(z.array(endedClientSchema)) });

const minuteOf = (key: string) => key.slice(0, key.indexOf(" "));

/** Reads revocations incrementally. */
export interface EndedReader {
  /**
   * Returns the current revocations, or null when nothing changed since the last call. Only changed minutes are read; the others of
   * `known` stay the same objects.
   * @throws what the query throws
   */
  read(known: Ended | null): Promise<Ended | null>;
}

/** Creates a reader of the database's revocation tables. */
export function createEndedReader(query: Query): EndedReader {
  let seen: z.output<typeof digestsSchema> | null = null;
  /** The result for `seen`. A caller that failed to load it passes another value and gets it again. */
  let answered: Ended | null = null;

  const readParts = async (known: readonly EndedPart[]): Promise<readonly EndedPart[]> => {
    const keys = (await query(SELECT_PARTS)).map((row) => keySchema.parse(row).key);
    const byKey = new Map(known.map((part) => [part.key, part]));
    const missing = keys.filter((key) => !byKey.has(key)).map(minuteOf);
    const rows = missing.length === 0 ? [] : await query(SELECT_TOKENS, [JSON.stringify(missing)]);
    const loaded = new Map(rows.map((row) => tokensSchema.parse(row)).map((part) => [minuteOf(part.key), part]));
    // A part that grew between the two queries has its newer key; one that expired is left out.
    return keys.flatMap((key) => byKey.get(key) ?? loaded.get(minuteOf(key)) ?? []);
  };

  return {
    async read(known) {
      const digests = digestsSchema.parse((await query(SELECT_DIGESTS))[0]);
      const last = known === answered ? seen : null;
      if (last?.tokens === digests.tokens && last.clients === digests.clients) return null;
      const parts = known && last?.tokens === digests.tokens ? known.parts : await readParts(known?.parts ?? []);
      const clients =
        known && last?.clients === digests.clients ? known.clients : clientsSchema.parse((await query(SELECT_CLIENTS))[0]).clients;
      seen = digests;
      answered = { parts, clients };
      return answered;
    },
  };
}

/** One server's revocations. */
export interface EndedOfServer {
  readonly revoked: ReadonlySet<string>;
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

const NOTHING: EndedOfServer = { revoked: new Set(), clients: new Map() };

/** An index with constant-time lookups and cheap incremental updates. */
export interface EndedIndex {
  take(ended: Ended): void;
  /** The live view of one server. */
  of(serverId: string): EndedOfServer;
}

/** Creates an empty index. */
export function createEndedIndex(): EndedIndex {
  interface Server {
    revoked: Set<string>;
    clients: Map<string, { endedAt: number; isOff: boolean }>;
  }
  const servers = new Map<string, Server>();
  let taken: ReadonlyMap<string, EndedPart> = new Map();
  let takenClients: readonly EndedClientEntry[] = [];

  const serverOf = (id: string): Server => {
    const known = servers.get(id) ?? { revoked: new Set(), clients: new Map() };
    servers.set(id, known);
    return known;
  };

  return {
    take({ parts, clients }) {
      const next = new Map(parts.map((part) => [part.key, part]));
      // Removals first: a part that grew has the same tokens under another key.
      for (const [key, part] of taken) if (!next.has(key)) for (const [id, token] of part.tokens) servers.get(id)?.revoked.delete(token);
      for (const [key, part] of next) if (!taken.has(key)) for (const [id, token] of part.tokens) serverOf(id).revoked.add(token);
      taken = next;
      if (clients === takenClients) return;
      takenClients = clients;
      for (const server of servers.values()) server.clients.clear();
      for (const [id, clientId, endedAt, isOff] of clients) serverOf(id).clients.set(clientId, { endedAt, isOff });
    },
    of: (serverId) => servers.get(serverId) ?? NOTHING,
  };
}
