import { setTimeout as delay } from "node:timers/promises";
import type { ResourceServer } from "oidc-provider";
import { packed, targetOf } from "./api-resources";
import type { ApplicationFacts } from "./clients";
import { revokedTokensOf } from "./revoked-tokens";
import { type Denied, decide, type Granted } from "./rules/decide";
import type { KeyRecord, ServerRecord } from "./server-records";
import { SIGNING_ALGORITHM } from "./signing-keys";

/** Represents the server's default audience, which need not be a URI, in requests without a resource. */
export const DEFAULT_RESOURCE = packed([]);
export const GRANT_TYPE = "client_credentials";
/** Maximum wait of a token request, because the consoles' clocks may differ. */
const WAIT_MAX_MS = 2000;

/** Splits a `scope` parameter (RFC 6749, 3.3) without duplicates. */
export const scopesOf = (scope: string | undefined): string[] => [...new Set((scope ?? "").split(" ").filter(Boolean))];

export interface TokenRequest {
  /** No duplicates. */
  scopes: readonly string[];
  /** Resource parameters (RFC 8707, 2). Empty: the server's audience. */
  resources: readonly string[];
}

/** A granted token with its audience. */
export interface GrantedToken extends Granted {
  audience: string | string[];
}

/**
 * Decides whether an application gets a token and with which contents: for the token endpoint, Try it and the preview.
 * @throws when the API lookup fails
 */
export async function decideGrant(
  server: ServerRecord,
  application: ApplicationFacts,
  { scopes, resources }: TokenRequest,
): Promise<GrantedToken | Denied> {
  const target = await targetOf(server, resources);
  if ("problem" in target)
    return {
      granted: false,
      error: "invalid_target",
      description: target.problem,
      deniedScopes: [],
      policy: null,
      rule: null,
      considered: [],
    };
  const decision = decide(server, application, { scopes, grantType: GRANT_TYPE });
  return decision.granted ? { ...decision, audience: target.audience } : decision;
}

/**
 * The active signing key.
 * @throws Error when the server has none
 */
export function activeKey(server: ServerRecord): KeyRecord {
  const key = server.keys.find(({ state }) => state === "active");
  if (!key) throw new Error(`The authorization server ${server.id} has no active signing key.`);
  return key;
}

/** Converts a grant to oidc-provider's resource server. */
export const resourceServerOf = (server: ServerRecord, granted: GrantedToken): ResourceServer => ({
  scope: granted.scopes.join(" "),
  audience: typeof granted.audience === "string" ? granted.audience : packed(granted.audience),
  accessTokenTTL: granted.lifetimeSeconds,
  accessTokenFormat: server.tokenFormat,
  jwt: { sign: { alg: SIGNING_ALGORITHM, kid: activeKey(server).kid } },
});

/**
 * Waits until a new token of a reactivated client isn't covered by its revocation. `iat` has a resolution of 1 second, so a token
 * issued in the second of the reactivation would be revoked too.
 * @throws when the database is unreachable
 */
export async function untilTokensLive(serverId: string, clientId: string): Promise<void> {
  const ended = (await revokedTokensOf(serverId)).clients.get(clientId);
  const waitMs = ended && !ended.isOff ? (ended.endedAt + 1) * 1000 - Date.now() : 0;
  if (waitMs > 0) await delay(Math.min(waitMs, WAIT_MAX_MS));
}
