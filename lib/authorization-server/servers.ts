import type { JWK } from "jose";
import type { Database } from "@/lib/platform/database";
import { environment } from "@/lib/platform/env";
import type { SecretBox } from "@/lib/platform/secrets";
import { findServer, forgetServer, freshServer, type ServerRecord } from "./server-records";
import { newSigningKey } from "./signing-keys";

const DEFAULT_SERVER = {
  id: "default",
  name: "Default",
  audience: "api://default",
  description: "The authorization server that is always there.",
};

export interface NewServer {
  id: string;
  name: string;
  audience: string;
  description: string;
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

/**
 * Adds the server and its first key, or only the key when it has none. The insert that skips what is there
 * waits for another process's, and the row lock lets one of the two make the key.
 * @returns whether the server is new
 */
async function addServer(db: Database, box: SecretBox, server: NewServer): Promise<boolean> {
  const key = await newSigningKey(box, server.id);
  return db.$transaction(
    async (tx) => {
      const { count } = await tx.authorizationServer.createMany({
        data: [{ ...server, issuer: issuerOf(server.id) }],
        skipDuplicates: true,
      });
      await tx.$queryRaw`SELECT 1 FROM "AuthorizationServer" WHERE "id" = ${server.id} FOR UPDATE`;
      const keys = await tx.signingKey.count({ where: { serverId: server.id } });
      if (keys === 0) await tx.signingKey.create({ data: { ...key, serverId: server.id } });
      return count === 1;
    },
    { maxWait: 10_000, timeout: 15_000 },
  );
}

/** Makes sure that the server `default` exists and can sign. Any number of processes may call it at once. */
export async function ensureDefaultServer(db: Database, box: SecretBox): Promise<void> {
  const { id } = DEFAULT_SERVER;
  const isThere = await db.authorizationServer.findFirst({ where: { id, keys: { some: {} } }, select: { id: true } });
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
 * Creates an authorization server with its own signing key.
 * @throws ServerTaken when the id is in use
 */
export async function createServer(db: Database, box: SecretBox, server: NewServer): Promise<void> {
  const { id, name, audience, description } = server;
  const isNew = await addServer(db, box, { id, name, audience, description });
  forgetServer(id);
  if (!isNew) throw new ServerTaken(id);
}

/** The public keys that tokens of this server are verified with (RFC 7517), newest first; none when there is no such server. */
export async function publicKeys(serverId: string): Promise<readonly JWK[]> {
  return (await findServer(serverId))?.keys.map((key) => key.publicJwk) ?? [];
}

const seen = new WeakMap<ServerRecord, BuiltinServer>();

/** A server as a gateway sees it; the same object for the same record, by which a gateway knows that nothing has changed. */
function asSeen(server: ServerRecord | null): BuiltinServer | null {
  if (!server) return null;
  const { id, audience, enabled, keys } = server;
  const known = seen.get(server) ?? { id, issuer: issuerOf(id), audience, enabled, keys: keys.map((key) => key.publicJwk) };
  seen.set(server, known);
  return known;
}

/**
 * One of our authorization servers for a gateway's token check: at most half a second old,
 * or what was known last while the database is away.
 * @throws when the database is away and nothing is known yet
 */
export function findBuiltinServer(id: string): BuiltinServer | null | Promise<BuiltinServer | null> {
  const known = freshServer(id);
  return known === undefined ? findServer(id).then(asSeen) : asSeen(known);
}
