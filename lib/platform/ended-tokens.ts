import { z } from "zod";

/** Asks the database with `$1`, `$2`, … for the values. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>;

/** The revoked tokens that expire within one minute. What stands under a key never changes. */
export interface EndedPart {
  readonly key: string;
  readonly tokens: readonly (readonly [serverId: string, tokenId: string])[];
}

/** A client whose tokens up to a moment (seconds since the epoch) are good no longer, and all of them while it is off. */
export type EndedClientEntry = readonly [serverId: string, clientId: string, endedAt: number, isOff: boolean];

/** What of the tokens of all authorization servers is good no longer, though their time is not over. */
export interface Ended {
  readonly parts: readonly EndedPart[];
  readonly clients: readonly EndedClientEntry[];
}

export const NOTHING_ENDED: Ended = { parts: [], clients: [] };

export const endedPartSchema = z.object({ key: z.string(), tokens: z.array(z.tuple([z.string(), z.string()])) });
export const endedClientSchema = z.tuple([z.string(), z.string(), z.number(), z.boolean()]);

const NOW = "timezone('utc', now())";
const MINUTE = `extract(epoch from date_trunc('minute', "expiresAt"))::bigint`;
/** Whole minutes, so that what stands in one changes only when a token is revoked. */
const REVOKED = `"RevokedToken" WHERE "expiresAt" >= date_trunc('minute', ${NOW})`;
const ENDED_CLIENTS = `"EndedClient" WHERE "expiresAt" > ${NOW}`;
const hashOf = (...columns: string[]) => `coalesce(bit_xor(hashtextextended(${columns.join(" || ' ' || ")}, 0)), 0)`;
const TOKENS_DIGEST = `count(*) || ' ' || ${hashOf(`"serverId"`, `"tokenId"`)}`;

/** One small row, made without sorting or sending a token: it is asked for twice a second. */
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

/** Reads what has ended, as little of it as possible. */
export interface EndedReader {
  /**
   * What has ended now, or null when nothing has changed since the last answer. Of `known`, only the minutes in which
   * something has changed are read again; the others stay the same objects.
   * @throws what the query throws
   */
  read(known: Ended | null): Promise<Ended | null>;
}

/** Makes a reader of the database's tables of ended tokens. */
export function createEndedReader(query: Query): EndedReader {
  let seen: z.output<typeof digestsSchema> | null = null;
  /** What `seen` is about. Whoever knows something else, because it could not take it over, is told anew. */
  let answered: Ended | null = null;

  const readParts = async (known: readonly EndedPart[]): Promise<readonly EndedPart[]> => {
    const keys = (await query(SELECT_PARTS)).map((row) => keySchema.parse(row).key);
    const byKey = new Map(known.map((part) => [part.key, part]));
    const missing = keys.filter((key) => !byKey.has(key)).map(minuteOf);
    const rows = missing.length === 0 ? [] : await query(SELECT_TOKENS, [JSON.stringify(missing)]);
    const loaded = new Map(rows.map((row) => tokensSchema.parse(row)).map((part) => [minuteOf(part.key), part]));
    // A part that grew between the two questions comes under its newer key; one that expired meanwhile is not missed.
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

/** What has ended of one server's tokens, to be looked up. */
export interface EndedOfServer {
  readonly revoked: ReadonlySet<string>;
  readonly clients: ReadonlyMap<string, { readonly endedAt: number; readonly isOff: boolean }>;
}

const NOTHING: EndedOfServer = { revoked: new Set(), clients: new Map() };

/** Keeps what has ended in such a way that looking it up costs nothing, nor does taking over a small change. */
export interface EndedIndex {
  take(ended: Ended): void;
  /** Of one server; what was taken over later is in it too. */
  of(serverId: string): EndedOfServer;
}

/** Makes an index in which nothing has ended yet. */
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
      // First what goes: a part that grew has the same tokens under another key.
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
