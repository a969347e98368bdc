import type { JWK } from "jose";
import { LRUCache } from "lru-cache";
import type { Database, Transaction } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import { newId } from "@/lib/platform/ids";
import type { SecretBox } from "@/lib/platform/secrets";
import { singleton } from "@/lib/platform/singleton";
import { addMissingKeys, newKeyPair } from "./key-rotation";
import { findServer, forgetServer, freshServer, type ServerRecord } from "./server-records";

const DEFAULT_SERVER = {
  id: "default",
  name: "Default",
  audience: "api://default",
  description: "The authorization server that is always there.",
};

const SEEN_MAX = 1000;

export interface NewServer {
  id: string;
  name: string;
  audience: string;
  description: string;
  tokenFormat?: "jwt" | "opaque";
  oktaClaims?: boolean;
  /** After how many days its keys rotate by themselves; null or absent: by hand alone. */
  rotationDays?: number | null;
}

/** An authorization server as a gateway sees it. */
export interface BuiltinServer {
  id: string;
  issuer: string;
  audience: string;
  enabled: boolean;
  keys: readonly JWK[];
}

/** Another authorization server has this id. */
export class ServerTaken extends Error {
  override name = "ServerTaken";

  constructor(readonly id: string) {
    super(`Another authorization server has the id ${id}.`);
  }
}

/** The issuer identifier of a server: what its tokens carry as `iss` (RFC 8414 section 2). */
export const issuerOf = (serverId: string): string => `${environment().publicUrl}/oauth2/${serverId}`;

/** What a new server starts with, so that its first token works: every application may have any of its scopes for an hour. */
async function addFirstPolicy(tx: Transaction, serverId: string): Promise<void> {
  const policyId = newId("policy");
  await tx.accessPolicy.create({ data: { id: policyId, serverId, name: "All applications", priority: 1, applications: [] } });
  await tx.accessRule.create({ data: { id: newId("rule"), policyId, name: "Any scope", priority: 1, grantTypes: [], scopes: [] } });
}

/**
 * Adds the server with its first policy and its keys, or only the keys that it lacks. The insert that skips what is there
 * waits for another process's, so that one of the two makes them.
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

/** Makes sure that the server `default` exists and can sign. Any number of processes may call it at once. */
export async function ensureDefaultServer(db: Database, box: SecretBox): Promise<void> {
  const { id } = DEFAULT_SERVER;
  const isThere = await db.authorizationServer.findFirst({ where: { id, keys: { some: { state: "active" } } }, select: { id: true } });
  if (!isThere) await addServer(db, box, DEFAULT_SERVER);
  forgetServer(id);
}

/**
 * Writes the issuers where gateways read them, which do not know the console's public URL.
 * A public URL that has changed since the last start is put right.
 */
export async function writeIssuers(db: Database): Promise<void> {
  const prefix = issuerOf("");
  await db.$executeRaw`UPDATE "AuthorizationServer" SET "issuer" = ${prefix} || "id" WHERE "issuer" <> ${prefix} || "id"`;
}

/**
 * Creates an authorization server with its own signing keys and a policy that lets all its applications have its scopes.
 * @throws ServerTaken when the id is in use
 */
export async function createServer(db: Database, box: SecretBox, server: NewServer): Promise<void> {
  const { id, name, audience, description, tokenFormat = "jwt", oktaClaims = false, rotationDays = null } = server;
  const isNew = await addServer(db, box, { id, name, audience, description, tokenFormat, oktaClaims, rotationDays });
  forgetServer(id);
  if (!isNew) throw new ServerTaken(id);
}

/** The public keys that tokens of this server are verified with (RFC 7517), newest first; none when there is no such server. */
export async function publicKeys(serverId: string): Promise<readonly JWK[]> {
  return (await findServer(serverId))?.keys.map((key) => key.publicJwk) ?? [];
}

const seen = () => singleton("builtin-servers", () => new LRUCache<string, { text: string; server: BuiltinServer }>({ max: SEEN_MAX }));

/** A server as a gateway sees it; the same object while nothing changes that a gateway looks at, by which it knows that. */
function asSeen(record: ServerRecord | null): BuiltinServer | null {
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

/** The same for every token check: a record that was seen before is not looked at again. */
function toSeen(record: ServerRecord | null): BuiltinServer | null {
  const known = record && views.get(record);
  if (known) return known;
  const server = asSeen(record);
  if (record && server) views.set(record, server);
  return server;
}

/**
 * One of our authorization servers for a gateway's token check: at most half a second old,
 * or what was known last while the database is away.
 * @throws when the database is away and nothing is known yet
 */
export function findBuiltinServer(id: string): BuiltinServer | null | Promise<BuiltinServer | null> {
  const known = freshServer(id);
  return known === undefined ? findServer(id).then(toSeen) : toSeen(known);
}
