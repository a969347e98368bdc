import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";

/** An authorization server as this process needs it; newest key first. */
export interface ServerRecord {
  id: string;
  audience: string;
  enabled: boolean;
  keys: readonly { kid: string; publicJwk: JWK; privateCiphertext: string }[];
}

/** How old an answer may be. A disabled server is refused everywhere after this long. */
const FRESH_MS = 500;
/** How long a caller waits for a slow database when there is a last known value to answer with. */
const PATIENCE_MS = 1000;
const SERVERS_MAX = 1000;
/** What an id may look like; anything else cannot be in the database and is not looked up. */
const ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

const publicJwkSchema = z.object({ kty: z.string(), n: z.string(), e: z.string(), kid: z.string(), alg: z.string(), use: z.string() });

interface Entry {
  record: ServerRecord | null;
  /** Milliseconds of `performance.now()`. */
  checkedAt: number;
}

const entries = () => singleton("authorization-servers", () => new LRUCache<string, Entry>({ max: SERVERS_MAX }));
const loads = () => singleton("authorization-server-loads", () => new Map<string, Promise<ServerRecord | null>>());

async function read(id: string): Promise<ServerRecord | null> {
  const row = await database().authorizationServer.findUnique({
    where: { id },
    include: { keys: { orderBy: [{ createdAt: "desc" }, { kid: "asc" }] } },
  });
  if (!row) return null;
  const keys = row.keys.map(({ kid, publicJwk, privateCiphertext }) => ({
    kid,
    publicJwk: publicJwkSchema.parse(publicJwk),
    privateCiphertext,
  }));
  return { id, audience: row.audience, enabled: row.enabled, keys };
}

/** One read for all who ask at the same time. */
function load(id: string): Promise<ServerRecord | null> {
  const running = loads().get(id);
  if (running) return running;
  const loading = read(id)
    .then((record) => {
      entries().set(id, { record, checkedAt: performance.now() });
      return record;
    })
    .finally(() => loads().delete(id));
  loads().set(id, loading);
  return loading;
}

const isFresh = (entry: Entry) => performance.now() - entry.checkedAt < FRESH_MS;

/** What is known about an authorization server at this moment, for callers that must not wait; undefined when it has to be looked up. */
export function freshServer(id: string): ServerRecord | null | undefined {
  const known = entries().get(id);
  return known && isFresh(known) ? known.record : undefined;
}

/**
 * Finds an authorization server, from memory for at most half a second. While the database is away
 * or slow, what was known last is answered, because verifying tokens must go on without it.
 * @throws when the database is away and nothing is known yet
 */
export async function findServer(id: string): Promise<ServerRecord | null> {
  if (!ID.test(id)) return null;
  const known = entries().get(id);
  if (known && isFresh(known)) return known.record;
  const loading = load(id);
  if (!known?.record) return loading;
  const last = known.record;
  const answer = loading.catch((error: unknown) => {
    logger().warn({ err: error, server: id }, "an authorization server could not be read; going on with what is known");
    entries().set(id, { record: last, checkedAt: performance.now() });
    return last;
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<ServerRecord>((resolve) => {
    timer = setTimeout(() => resolve(last), PATIENCE_MS);
  });
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer));
}

/** Makes the next look-up read the database: for whoever just changed the server. */
export function forgetServer(id: string): void {
  entries().delete(id);
}
