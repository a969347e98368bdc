import { z } from "zod";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { Recent } from "./recent";
import type { ClaimFacts, PolicyFacts, ScopeFacts } from "./rules/model";

/** A stored signing key. */
export interface KeyRecord {
  kid: string;
  state: "next" | "active" | "previous";
  publicJwk: { kty: string; n: string; e: string; kid: string; alg: string; use: string };
  privateCiphertext: string;
}

/** An authorization server with everything that its tokens depend on. The same object until something changes. */
export interface ServerRecord {
  id: string;
  name: string;
  audience: string;
  enabled: boolean;
  tokenFormat: "jwt" | "opaque";
  /** Whether tokens also carry Okta's `cid` and `scp`. */
  oktaClaims: boolean;
  scopes: readonly ScopeFacts[];
  claims: readonly ClaimFacts[];
  /** With their rules, both in evaluation order. */
  policies: readonly PolicyFacts[];
  /** The published keys, newest first. */
  keys: readonly KeyRecord[];
}

/** How long to wait for a slow database before using the last known value. */
const PATIENCE_MS = 1000;
const SERVERS_MAX = 1000;
/** A valid server ID. Others aren't looked up. */
const ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

const texts = z.array(z.string());
const publicJwkSchema = z.object({ kty: z.string(), n: z.string(), e: z.string(), kid: z.string(), alg: z.string(), use: z.string() });
const recordSchema = z.object({
  id: z.string(),
  name: z.string(),
  audience: z.string(),
  enabled: z.boolean(),
  tokenFormat: z.enum(["jwt", "opaque"]),
  oktaClaims: z.boolean(),
  scopes: z.array(z.object({ name: z.string(), isDefault: z.boolean(), published: z.boolean() })),
  claims: z.array(z.object({ id: z.string(), name: z.string(), kind: z.enum(["static", "expression"]), value: z.json(), scopes: texts })),
  policies: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      enabled: z.boolean(),
      applications: texts,
      rules: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          enabled: z.boolean(),
          grantTypes: texts,
          scopes: texts,
          lifetimeMinutes: z.int().positive(),
        }),
      ),
    }),
  ),
  keys: z.array(
    z.object({
      kid: z.string(),
      state: z.enum(["next", "active", "previous"]),
      publicJwk: publicJwkSchema,
      privateCiphertext: z.string(),
      /** Milliseconds since the epoch. */
      expiresAt: z.number().nullable(),
    }),
  ),
});

/**
 * One statement is one snapshot: a rule is never combined with another version of its policy. Unset lists are null in Postgres,
 * hence `coalesce`.
 */
const readRow = (id: string): Promise<unknown[]> => database().$queryRaw`
  SELECT s."id", s."name", s."audience", s."enabled", s."tokenFormat", s."oktaClaims",
    (SELECT coalesce(json_agg(json_build_object('name', c."name", 'isDefault', c."isDefault", 'published', c."published")
        ORDER BY c."name" COLLATE "C"), '[]')
      FROM "Scope" c WHERE c."serverId" = s."id") AS "scopes",
    (SELECT coalesce(json_agg(json_build_object('id', c."id", 'name', c."name", 'kind', c."kind", 'value', c."value",
        'scopes', coalesce(c."scopes", '{}')) ORDER BY c."createdAt", c."id" COLLATE "C"), '[]')
      FROM "Claim" c WHERE c."serverId" = s."id") AS "claims",
    (SELECT coalesce(json_agg(json_build_object('id', p."id", 'name', p."name", 'enabled', p."enabled",
        'applications', coalesce(p."applications", '{}'), 'rules',
        (SELECT coalesce(json_agg(json_build_object('id', r."id", 'name', r."name", 'enabled', r."enabled",
            'grantTypes', coalesce(r."grantTypes", '{}'), 'scopes', coalesce(r."scopes", '{}'), 'lifetimeMinutes', r."lifetimeMinutes")
            ORDER BY r."priority", r."createdAt", r."id" COLLATE "C"), '[]')
          FROM "AccessRule" r WHERE r."policyId" = p."id"))
        ORDER BY p."priority", p."createdAt", p."id" COLLATE "C"), '[]')
      FROM "AccessPolicy" p WHERE p."serverId" = s."id") AS "policies",
    (SELECT coalesce(json_agg(json_build_object('kid', k."kid", 'state', k."state", 'publicJwk', k."publicJwk",
        'privateCiphertext', k."privateCiphertext", 'expiresAt', extract(epoch FROM k."expiresAt") * 1000)
        ORDER BY k."createdAt" DESC, k."kid" COLLATE "C"), '[]')
      FROM "SigningKey" k WHERE k."serverId" = s."id") AS "keys"
  FROM "AuthorizationServer" s WHERE s."id" = ${id}`;

async function read(id: string): Promise<ServerRecord | null> {
  const [row] = await readRow(id);
  if (row === undefined) return null;
  const { keys, ...record } = recordSchema.parse(row);
  const now = Date.now();
  const good = keys.filter((key) => key.expiresAt === null || key.expiresAt > now);
  return { ...record, keys: good.map(({ expiresAt: _until, ...key }) => key) };
}

const records = () => singleton("authorization-servers", () => new Recent<ServerRecord>(SERVERS_MAX, read));

/** The cached authorization server, for synchronous callers; undefined when it must be read. */
export const freshServer = (id: string): ServerRecord | null | undefined => records().fresh(id);

/**
 * Finds an authorization server, at most 500 ms old, for issuing tokens: older rules must not issue any.
 * @throws when the database is unreachable
 */
export const findServerNow = async (id: string): Promise<ServerRecord | null> => (ID.test(id) ? records().find(id) : null);

/**
 * Finds an authorization server, cached for at most 500 ms. While the database is unreachable or slow, it returns the last known
 * value, because token verification must not depend on it.
 * @throws when the database is unreachable and there is no known value
 */
export async function findServer(id: string): Promise<ServerRecord | null> {
  if (!ID.test(id)) return null;
  const known = records().fresh(id);
  if (known !== undefined) return known;
  const last = records().last(id);
  const loading = records().load(id);
  if (!last) return loading;
  const answer = loading.catch((error: unknown) => {
    logger().warn({ err: error, server: id }, "can't read an authorization server; serving the last known state");
    records().renew(id);
    return last;
  });
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<ServerRecord>((resolve) => {
    timer = setTimeout(() => resolve(last), PATIENCE_MS);
  });
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer));
}

/**
 * Forces a read after a change to what the server issues. The last known value stays available for verification while the database
 * is unreachable.
 */
export const markServerStale = (id: string): void => records().markStale(id);

/** Deletes the cached server after a change to verification: its keys, audience or status. */
export const invalidateServer = (id: string): void => records().invalidate(id);
