import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import type { Database, Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import type { SecretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";
import { inKeyQueue } from "./key-queue";
import { addMissingKeys, newKeyPair } from "./key-rotation";
import { findServer, freshServer, invalidateServer, type ServerRecord } from "./server-records";

const DEFAULT_SERVER = {
  id: "default",
  name: "Default",
  audience: "api://default",
  description: "The default authorization server.",
};

const SEEN_MAX = 1000;

export interface NewServer {
  id: string;
  name: string;
  audience: string;
  description: string;
  tokenFormat?: "jwt" | "opaque";
  oktaClaims?: boolean;
  /** Interval of scheduled key rotation, in days. Null or absent: manual rotation only. */
  rotationDays?: number | null;
}

/** The fields of an authorization server that gateways read. */
export interface BuiltinServer {
  id: string;
  issuer: string;
  audience: string;
  enabled: boolean;
  keys: readonly JWK[];
}

/** The ID belongs to another authorization server. */
export class ServerTaken extends Error {
  override name = "ServerTaken";

  constructor(readonly id: string) {
    super(`The ID ${id} is already in use by another authorization server.`);
  }
}

/** The issuer identifier of a server: the `iss` of its tokens (RFC 8414, 2). */
export const issuerOf = (serverId: string): string => `${environment().publicUrl}/oauth2/${serverId}`;

/** Adds a policy that grants every application any scope for 1 hour, so a new server works immediately. */
async function addFirstPolicy(tx: Transaction, serverId: string): Promise<void> {
  const policyId = newId("policy");
  await tx.accessPolicy.create({ data: { id: policyId, serverId, name: "All applications", priority: 1, applications: [] } });
  await tx.accessRule.create({ data: { id: newId("rule"), policyId, name: "Any scope", priority: 1, grantTypes: [], scopes: [] } });
}

/** Whether the ID is in use. */
const isTaken = async (db: Database, id: string) =>
  (await db.authorizationServer.findUnique({ where: { id }, select: { id: true } })) !== null;

/**
 * Adds the server with its first policy and keys, or only missing keys. The insert waits for a concurrent one, so one process
 * creates them. Slow: call it in the key queue.
 * @returns whether the server is new
 */
async function addServer(db: Database, box: SecretBox, server: NewServer): Promise<boolean> {
  const keys = await newKeyPair(box, server.id);
  return db.$transaction(
    async (tx) => {
      const { count } = await tx.authorizationServer.createMany({
        data: [{ ...server, issuer: issuerOf(server.id) }],
        skipDuplicates: true,
      });
      if (count === 1) await addFirstPolicy(tx, server.id);
      await addMissingKeys(tx, box, server.id, keys);
      return count === 1;
    },
    { maxWait: 10_000, timeout: 15_000 },
  );
}

/** Creates the server `default` with its keys if missing. Safe to run in several processes at once. */
export async function ensureDefaultServer(db: Database, box: SecretBox): Promise<void> {
  const { id } = DEFAULT_SERVER;
  const isThere = await db.authorizationServer.findFirst({ where: { id, keys: { some: { state: "active" } } }, select: { id: true } });
  if (!isThere) await inKeyQueue(() => addServer(db, box, DEFAULT_SERVER));
  invalidateServer(id);
}

/**
 * Stores the issuers in the database, because gateways don't know the console's public URL, which may have changed since the last
 * start.
 */
export async function writeIssuers(db: Database): Promise<void> {
  const prefix = issuerOf("");
  await db.$executeRaw`UPDATE "AuthorizationServer" SET "issuer" = ${prefix} || "id" WHERE "issuer" <> ${prefix} || "id"`;
}

/**
 * Creates an authorization server with its signing keys and a policy that grants its applications all scopes.
 * @throws ServerTaken when the ID is in use
 */
export async function createServer(db: Database, box: SecretBox, server: NewServer): Promise<void> {
  const { id, name, audience, description, tokenFormat = "jwt", oktaClaims = false, rotationDays = null } = server;
  const isFree = async () => !(await isTaken(db, id));
  // Asked twice: an ID that is in use waits for no keys, and of parallel requests one generates them.
  const isNew =
    (await isFree()) &&
    (await inKeyQueue(
      async () => (await isFree()) && addServer(db, box, { id, name, audience, description, tokenFormat, oktaClaims, rotationDays }),
    ));
  invalidateServer(id);
  if (!isNew) throw new ServerTaken(id);
}

const seen = () => singleton("builtin-servers", () => new LRUCache<string, { text: string; server: BuiltinServer }>({ max: SEEN_MAX }));

/** Converts a record for gateways. It returns the same object until one of these fields changes, which gateways rely on. */
function stableView(record: ServerRecord | null): BuiltinServer | null {
  if (!record) return null;
  const { id, audience, enabled, keys } = record;
  const server = { id, issuer: issuerOf(id), audience, enabled, keys: keys.map((key) => key.publicJwk) };
  const text = JSON.stringify(server);
  const known = seen().get(id);
  if (known?.text === text) return known.server;
  seen().set(id, { text, server });
  return server;
}

const views = new WeakMap<ServerRecord, BuiltinServer>();

/** Caches the conversion by record, because every token check calls it. */
function toView(record: ServerRecord | null): BuiltinServer | null {
  const known = record && views.get(record);
  if (known) return known;
  const server = stableView(record);
  if (record && server) views.set(record, server);
  return server;
}

/**
 * Finds a Gatewright authorization server for a gateway's token check: at most 500 ms old, or the last known state while the
 * database is unreachable.
 * @throws when the database is unreachable and there is no known state
 */
export function findBuiltinServer(id: string): BuiltinServer | null | Promise<BuiltinServer | null> {
  const known = freshServer(id);
  return known === undefined ? findServer(id).then(toView) : toView(known);
}
