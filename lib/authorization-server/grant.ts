import { setTimeout as delay } from "node:timers/promises";
import type { ResourceServer } from "oidc-provider";
import { packed, targetOf } from "./api-resources";
import type { ApplicationFacts } from "./clients";
import { endedTokensOf } from "./ended";
import { type Denied, decide, type Granted } from "./rules/decide";
import type { KeyRecord, ServerRecord } from "./server-records";
import { SIGNING_ALGORITHM } from "./signing-keys";

/** Stands for the server's own audience, which need not be a URI, where a client names no resource. */
export const DEFAULT_RESOURCE = packed([]);
export const GRANT_TYPE = "client_credentials";
/** Clocks of several consoles differ a little; longer than this no token request waits for them. */
const WAIT_MAX_MS = 2000;

/** The scopes in a `scope` parameter (RFC 6749 section 3.3), each once. */
export const scopesOf = (scope: string | undefined): string[] => [...new Set((scope ?? "").split(" ").filter(Boolean))];

export interface TokenRequest {
  /** Each once. */
  scopes: readonly string[];
  /** The resource parameters (RFC 8707, section 2); none: the server's audience. */
  resources: readonly string[];
}

/** What was granted, and whom the token is for. */
export interface GrantedToken extends Granted {
  audience: string | string[];
}

/**
 * Decides whether an application gets a token of this server and what is in it: for the token endpoint, Try it and the preview
 * alike. @throws when the APIs can't be looked up
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
 * The key that signs.
 * @throws Error when the server has none: it cannot issue tokens then
 */
export function activeKey(server: ServerRecord): KeyRecord {
  const key = server.keys.find(({ state }) => state === "active");
  if (!key) throw new Error(`The authorization server ${server.id} has no active signing key.`);
  return key;
}

/** What was granted, in oidc-provider's words. */
export const resourceServerOf = (server: ServerRecord, granted: GrantedToken): ResourceServer => ({
  scope: granted.scopes.join(" "),
  audience: typeof granted.audience === "string" ? granted.audience : packed(granted.audience),
  accessTokenTTL: granted.lifetimeSeconds,
  accessTokenFormat: server.tokenFormat,
  jwt: { sign: { alg: SIGNING_ALGORITHM, kid: activeKey(server).kid } },
});

/**
 * Waits until a token of this client would not be dead on arrival. What a client had up to the second in which it was
 * switched on again stays refused, and a token knows only the second in which it was made: so the first one after that is
 * made in the next second.
 * @throws when the database is away
 */
export async function untilTokensLive(serverId: string, clientId: string): Promise<void> {
  const ended = (await endedTokensOf(serverId)).clients.get(clientId);
  const waitMs = ended && !ended.isOff ? (ended.endedAt + 1) * 1000 - Date.now() : 0;
  if (waitMs > 0) await delay(Math.min(waitMs, WAIT_MAX_MS));
}
