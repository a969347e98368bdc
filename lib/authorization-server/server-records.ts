import { z } from "zod";
import { database } from "@/lib/platform/database";
import { logger } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { Recent } from "./recent";
import type { ClaimFacts, PolicyFacts, ScopeFacts } from "./rules/model";

/** A signing key as it is published and stored. */
export interface KeyRecord {
  kid: string;
  state: "next" | "active" | "previous";
  publicJwk: { kty: string; n: string; e: string; kid: string; alg: string; use: string };
  privateCiphertext: string;
}

/** An authorization server with everything that its tokens depend on. The same object while nothing of it changes. */
export interface ServerRecord {
  id: string;
  name: string;
  audience: string;
  enabled: boolean;
  tokenFormat: "jwt" | "opaque";
  /** Whether tokens carry Okta's `cid` and `scp` too. */
  oktaClaims: boolean;
  scopes: readonly ScopeFacts[];
  claims: readonly ClaimFacts[];
  /** With their rules, both in the order in which they are tried. */
  policies: readonly PolicyFacts[];
  /** Those that tokens are verified with now, newest first. */
  keys: readonly KeyRecord[];
}

/** How long a caller waits for a slow database when there is a last known value to answer with. */
const PATIENCE_MS = 1000;
const SERVERS_MAX = 1000;
/** What an id may look like; anything else cannot be in the database and is not looked up. */
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
 * One statement, so that all of it is of one moment: a rule is never seen with another policy's applications.
 * A list that nobody has set is null in Postgres and empty everywhere else.
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

/** What is known about an authorization server at this moment, for callers that must not wait; undefined when it has to be looked up. */
export const freshServer = (id: string): ServerRecord | null | undefined => records().fresh(id);

/**
 * Finds an authorization server as it was at most half a second ago, for whoever issues tokens: rules that may have changed
 * since then issue none.
 * @throws when the database is away
 */
export const findServerNow = async (id: string): Promise<ServerRecord | null> => (ID.test(id) ? records().find(id) : null);

/**
 * Finds an authorization server, from memory for at most half a second. While the database is away
 * or slow, what was known last is answered, because verifying tokens must go on without it.
 * @throws when the database is away and nothing is known yet
 */
export async function findServer(id: string): Promise<ServerRecord | null> {
  if (!ID.test(id)) return null;
  const known = records().fresh(id);
  if (known !== undefined) return known;
  const last = records().last(id);
  const loading = records().load(id);
  if (!last) return loading;
  const answer = loading.catch((error: unknown) => {
    logger().warn({ err: error, server: id }, "an authorization server could not be read; going on with what is known");
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
 * Makes the next look-up read the database: for whoever changed what the server issues. What tokens are verified with stays known,
 * so that they are verified although the database can't be reached at this moment.
 */
export const outdateServer = (id: string): void => records().outdate(id);

/** The same for whoever changed what tokens are verified with: its keys, its audience, whether it is there and enabled. */
export const forgetServer = (id: string): void => records().forget(id);
